"""`kefu doctor`: whether everything that Kefu needs is in place, and what to do where it is not."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from kefu.cli.up import ACTION_PORT, RASA_PORT


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@click.option("--endpoints", type=click.Path(dir_okay=False, path_type=Path), help="The project's endpoints.yml.")
@click.option("--port", type=click.IntRange(1, 65535), default=RASA_PORT, show_default=True)
@click.option("--action-port", type=click.IntRange(1, 65535), default=ACTION_PORT, show_default=True)
def command(as_json: bool, endpoints: Path | None, port: int, action_port: int) -> None:
    """Check Python, packages, model, index, databases and ports; exit 1 if something is missing."""
    from kefu.ops.checks import all_findings

    findings = []
    for finding in all_findings(endpoints, port, action_port):
        findings.append(finding)
        if not as_json:
            click.echo(f"{'✓' if finding.ok else '✗'} {finding.name:<18} {finding.detail}")
            if finding.remedy:
                click.echo(f"  {'':<18} → {finding.remedy}")
    is_well = all(finding.ok for finding in findings)
    if as_json:
        content = {"ok": is_well, "checks": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    if not is_well:
        raise SystemExit(1)
