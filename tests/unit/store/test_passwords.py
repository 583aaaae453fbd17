"""Passwords: hashed with argon2id, never weak, never the same hash twice."""

import pytest

from agent.store.passwords import WeakPassword, generate_password, hash_password, verify_password


def test_only_the_password_itself_fits() -> None:
    stored = hash_password("正确的密码很长的呀呀")
    assert stored.startswith("$argon2id$")
    assert "密码" not in stored
    assert verify_password(stored, "正确的密码很长的呀呀")
    assert not verify_password(stored, "错误的密码很长的呀呀")


def test_two_users_with_one_password_have_two_hashes() -> None:
    assert hash_password("long enough 1") != hash_password("long enough 1")


@pytest.mark.parametrize("damaged", ["", "plain", "$argon2id$v=19$m=65536,t=3,p=4$zz"])
def test_a_damaged_hash_fits_nothing(damaged: str) -> None:
    assert not verify_password(damaged, "")


def test_a_short_one_is_refused_without_repeating_it() -> None:
    with pytest.raises(WeakPassword) as refused:
        hash_password("kurz")
    assert "kurz" not in str(refused.value)


def test_generated_ones_differ_and_can_be_read_aloud() -> None:
    made = {generate_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(each) == 19 and not set(each) & set("0o1il") for each in made)
    assert hash_password(made.pop())
