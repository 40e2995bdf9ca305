"""``kefu why``: how a running assistant came to its last answer."""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import click
import requests

from kefu.cli.explain import explain
from kefu.cli.knowledge_options import endpoints_option, json_option, print_json
from kefu.errors import ActionServerError
from kefu.knowledge.api.access import TOKEN_VARIABLE
from kefu.knowledge.decision import Decision
from kefu.ops.action_endpoint import action_url
from kefu.settings import endpoints_path

_USUAL = "http://localhost:5055/webhook"
_PATIENCE = 10.0  # seconds


@click.command()
@click.argument("conversation", required=False, default="")
@click.option("--url", help="Of the action server (default: as endpoints.yml says).")
@json_option
@endpoints_option
def command(conversation: str, url: str | None, as_json: bool, endpoints: Path | None) -> None:
    """Show how the last answer of CONVERSATION (a sender id; default: the latest of all) came about."""
    found = _asked(url or _action_server(endpoints), conversation)
    if as_json:
        print_json(found)
        return
    if goods := found.get("goods"):
        _show_goods(found["conversation"], goods)
    else:
        _show_decision(found["conversation"], Decision.from_json(found["decision"]))


def _show_goods(conversation: str, goods: dict) -> None:
    click.echo(f"{conversation}: answer about goods, from {goods['source']}, as of {goods['as_of'] or 'not known'}")
    read = " · ".join(f"{name} {value}" for name, value in goods["read"].items())
    click.echo(f"read: {read or 'goods that are not sold'}")


def _show_decision(conversation: str, decision: Decision) -> None:
    named = decision.sources or tuple(option.entry_id for option in decision.options)
    answered = ", ".join(named) or decision.entry_id or "nothing"
    words = "" if decision.origin == "approved" else f" ({decision.origin})"
    click.echo(f"{conversation}: {decision.kind}{words} with {answered}")
    if decision.kind == "answer" and decision.trace is None:
        click.echo("The customer chose it from what was asked back.")
        return
    explain(decision)


def _asked(server: str, conversation: str) -> dict:
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token:
        raise ActionServerError(f"{TOKEN_VARIABLE} is not set to the token that the action server was started with.")
    address = f"{server}/knowledge/why" + (f"/{quote(conversation, safe='')}" if conversation else "")
    try:
        answer = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=_PATIENCE)
        content = answer.json()
    except requests.ConnectionError as error:
        raise ActionServerError(f"No action server answers at {server}. Start it: make serve") from error
    except (requests.RequestException, ValueError) as error:
        raise ActionServerError(f"The action server at {server} gave no answer that can be read.") from error
    if not answer.ok:
        raise ActionServerError(str(content.get("error") or content))
    return content


def _action_server(endpoints: Path | None) -> str:
    parts = urlsplit(action_url(endpoints_path(endpoints)) or _USUAL)
    return urlunsplit((parts.scheme, parts.netloc, "", "", ""))
