"""A port that somebody listens on is told before anything is started."""

from machine.served import bound_socket, free_port, taken


def test_a_port_is_taken_while_somebody_listens() -> None:
    with bound_socket() as listening:
        listening.listen()
        port = listening.getsockname()[1]
        assert taken("127.0.0.1", port)
    assert not taken("127.0.0.1", port)


def test_any_port_and_an_address_of_another_machine_are_not_ours_to_refuse() -> None:
    assert not taken("127.0.0.1", 0)
    assert not taken("192.0.2.1", free_port())
