"""What "createCustomMenu" takes: 1 to 3 buttons, each with 1 to 5 below it or a key; names up to 16 and 60 bytes."""

from typing import Any

from telephony.simulator.wechat.errors import ApiError

_KINDS = frozenset({"click", "view"})


def check_menu(body: dict[str, Any]) -> None:
    """Raises ApiError."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    for button in buttons:
        below = button.get("sub_button")
        _check_name(button, 16)
        if below is None:
            _check_deed(button)
            continue
        if not 1 <= len(below) <= 5:
            raise ApiError(40016)
        for each in below:
            _check_name(each, 60)
            _check_deed(each)


def keys_of(body: dict[str, Any]) -> set[str]:
    """Keys that a follower can click."""
    flat = [each for button in body.get("button", []) for each in (button, *button.get("sub_button", []))]
    return {each["key"] for each in flat if each.get("type") == "click"}


def _check_name(button: dict[str, Any], longest: int) -> None:
    if not 1 <= len(str(button.get("name", "")).encode()) <= longest:
        raise ApiError(40018)


def _check_deed(button: dict[str, Any]) -> None:
    if button.get("type") not in _KINDS:
        raise ApiError(40017)
    if button["type"] == "click" and not 1 <= len(str(button.get("key", "")).encode()) <= 128:
        raise ApiError(40019)
