"""A link opens one contact for its time, and nothing else."""

from datetime import timedelta

import pytest

from agent.chat.links import BadLink, Links
from agent.model.clock import new_id
from tests.fakes.rows import NOON

LINKS = Links(b"k" * 32, "https://h.cn")


@pytest.mark.parametrize("contact_id", ["c0001-3", "0123456789abcdef01234567", new_id(), "ab"])
def test_a_link_names_its_contact(contact_id: str) -> None:
    assert LINKS.contact(LINKS.token(contact_id, NOON), NOON) == contact_id


def test_it_is_short_enough_for_an_sms() -> None:
    assert len(LINKS.token(new_id(), NOON)) == 35 and LINKS.address("c1", NOON).startswith("https://h.cn/c/")


def test_it_expires() -> None:
    token = LINKS.token("c1", NOON)
    assert LINKS.contact(token, NOON + timedelta(days=13, hours=22)) == "c1"
    with pytest.raises(BadLink, match="expired"):
        LINKS.contact(token, NOON + timedelta(days=14))


def test_no_letter_of_it_can_be_changed() -> None:
    token = LINKS.token("0123456789abcdef01234567", NOON)
    for place in range(len(token) - 1):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadLink):
            LINKS.contact(other, NOON)


@pytest.mark.parametrize("token", ["", "x", "....", "中文", "A" * 35, "A" * 5000])
def test_rubbish_is_refused(token: str) -> None:
    with pytest.raises(BadLink, match="invalid"):
        LINKS.contact(token, NOON)


def test_another_house_cannot_sign_and_a_ticket_fits_one_contact() -> None:
    with pytest.raises(BadLink):
        Links(b"x" * 32, "").contact(LINKS.token("c1", NOON), NOON)
    assert LINKS.knows(LINKS.ticket("c1"), "c1") and not LINKS.knows(LINKS.ticket("c1"), "c2")
