"""`make chat` at a real terminal: Ctrl-C at the prompt ends both servers, and nothing else is seen of it."""

import signal
import subprocess
import time
from typing import Any

import pytest

from kefu.ops.ports import is_free

pytestmark = pytest.mark.full


@pytest.mark.parametrize("begun", ["", "我想"], ids=["empty line", "begun line"])
def test_ctrl_c_ends_the_conversation_and_both_servers(
    clone: Any, first: "subprocess.CompletedProcess[str]", begun: str
) -> None:
    with clone.terminal("make", "chat", f"PORT={clone.port}", f"ACTION_PORT={clone.action_port}") as screen:
        shown = screen.wait_for("you  › ")
        assert "试试看 · Three things to try:" in shown
        screen.type("你好\r")
        screen.wait_for(r"kefu ‹ 您好[\s\S]*you  › ", 60)
        assert not is_free(clone.port) and not is_free(clone.action_port)
        # A signal that comes between showing the prompt and waiting for keys stays unheard in CPython's `input` until
        # the next key; nobody's finger is that fast.
        time.sleep(0.5)
        screen.type(begun + screen.CTRL_C)
        assert screen.wait_for_end() in (0, -signal.SIGINT)  # make ends itself by the signal that it got
    end = screen.text.rpartition("you  › ")[2]
    assert end.endswith("\n再见！ Bye! Ending both servers …\n"), end
    assert "Traceback" not in screen.text and "***" not in end
    assert clone.left_behind() == []
    assert is_free(clone.port) and is_free(clone.action_port)
