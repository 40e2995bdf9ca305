"""The progress bar of components, which is the kernel's."""

from kefu.ops.progress import Report, progress_bar

__all__ = ["Report", "progress_bar"]
