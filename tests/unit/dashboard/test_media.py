"""Photos and voice notes: shown to whoever may see the patient, to nobody else, and nothing outside the folder."""

from dataclasses import replace

from agent.model.contact import Channel
from agent.model.piece import Piece, PieceKind
from tests.unit.dashboard.conftest import START, Browser, Ward

JPEG = b"\xff\xd8\xff\xe0 picture"


async def _sent(ward: Ward) -> str:
    """A photo, a voice note and a file that is gone; returns the patient's id."""
    async with ward.store.transaction() as records:
        patient = (await records.patients(limit=1))[0]
        photo = Piece("wechat.1", Channel.WECHAT, "o1", patient.id, PieceKind.PHOTO, START, START, media="media/1.jpg")
        await records.add_piece(photo)
        voice = replace(photo, id="wechat.2", kind=PieceKind.VOICE, media="media/2.wav", text="今天不喘")
        await records.add_piece(replace(voice, by_caregiver=True))
        await records.add_piece(replace(photo, id="wechat.3", media="../outside.jpg"))
        await records.add_piece(replace(photo, id="wechat.4", media="media/4.html"))
    (ward.folder / "media").mkdir()
    (ward.folder / "media" / "1.jpg").write_bytes(JPEG)
    (ward.folder / "media" / "2.wav").write_bytes(b"RIFF")
    (ward.folder / "media" / "4.html").write_bytes(b"<script>")
    (ward.folder.parent / "outside.jpg").write_bytes(b"secret")
    return patient.id


async def test_a_nurse_sees_what_was_sent(ward: Ward, nurse: Browser) -> None:
    page = await nurse.get(f"/patients/{await _sent(ward)}/media")
    assert page.status_code == 200
    for part in ('src="/media/wechat.1"', "<audio", "“今天不喘”", "家属代发"):
        assert part in page.text
    photo = await nurse.get("/media/wechat.1")
    assert (photo.content, photo.headers["content-type"]) == (JPEG, "image/jpeg")
    assert photo.headers["cache-control"] == "private, no-store"


async def test_nothing_outside_the_folder_and_nothing_a_browser_would_run(ward: Ward, nurse: Browser) -> None:
    await _sent(ward)
    for gone in ("wechat.3", "wechat.9"):
        assert (await nurse.get(f"/media/{gone}")).status_code == 404
    page = await nurse.get("/media/wechat.4")
    assert "attachment" in page.headers["content-disposition"]


async def test_without_a_login_there_is_nothing(ward: Ward) -> None:
    patient_id = await _sent(ward)
    for path in ("/media/wechat.1", f"/patients/{patient_id}/media"):
        assert (await ward.browser().get(path)).status_code == 303
