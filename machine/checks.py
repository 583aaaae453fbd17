"""What `doctor` looks at: each check says what is in use or what is missing and the command that mends it."""

import importlib.metadata
import shutil
import sys
from collections.abc import Iterator

from agent.chat import content as chat_content
from agent.dialog import training
from agent.dialog.pathway_loader import load_all
from agent.model.problem import ContentError
from agent.speech.choose import plan_voice
from agent.speech.second_choice import plan_second_pass
from agent.speech.sherpa_adapter import UNTRIED as SHERPA_UNTRIED
from agent.speech.sherpa_choice import plan_sherpa
from agent.store.open import newest_revision, open_store
from agent.store.ports import StoreError
from agent.wechat import content as wechat_content
from folders import NLU_DATA, PATHWAYS
from machine.alarm_clocks import ladder_check
from machine.finding import Finding, Health
from machine.sms_check import sms_check
from machine.speech import plan_hearing
from machine.steps import find_python
from machine.wechat_account import account_of
from settings import Settings, SettingsError
from telephony.asterisk import AsteriskSettings


def machine_checks(settings: Settings) -> Iterator[Finding]:
    """Everything that can be found out without starting anything."""
    yield Finding("Python", Health.GOOD, f"{sys.version.split()[0]} at {sys.prefix}")
    machine = (_dialogue, _model, _recogniser, _second_pass, _sherpa, _voice, _espeak, _pathways, _chat_sentences)
    for check in (*machine, _data_folder, _carrier, _wechat, sms_check, ladder_check, _browser):
        yield check(settings)


def _data_folder(settings: Settings) -> Finding:
    """Database, recordings and photos lie there: nobody else on this machine has any business in it."""
    folder = settings.data
    if not folder.exists():
        return Finding("data folder", Health.GOOD, f"{folder} is made at the first start")
    if folder.stat().st_mode & 0o077:
        return Finding("data folder", Health.LESSER, f"other users may look into {folder}", f"chmod 700 {folder}")
    return Finding("data folder", Health.GOOD, str(folder))


def _dialogue(settings: Settings) -> Finding:
    if training.RASA_PYTHON.exists():
        return Finding("dialogue environment", Health.GOOD, "Rasa 3.6.21 in dialogs/.venv")
    python = find_python("3.10")
    where = f"Python 3.10 is at {python}" if python else "no Python 3.10 found; the set-up tries to download one"
    return Finding("dialogue environment", Health.MISSING, where, "./suifang demo (sets it up)")


def _model(settings: Settings) -> Finding:
    if training.model_is_stale():
        return Finding("dialogue model", Health.MISSING, "nlu_data changed since the last training", "./suifang train")
    return Finding("dialogue model", Health.GOOD, training.model_path().name)


def _recogniser(settings: Settings) -> Finding:
    choice = plan_hearing(settings)
    health = {"vosk": Health.GOOD, "whisper": Health.LESSER, "sherpa": Health.LESSER}.get(choice.name, Health.MISSING)
    remedy = "" if health is Health.GOOD else "./suifang models get vosk-cn"
    if choice.name == "sherpa":
        remedy = f"{SHERPA_UNTRIED}: hold it against ./suifang hear before patients are called"
    return Finding("recogniser", health, f"{choice.name}: {choice.why}", remedy)


def _second_pass(settings: Settings) -> Finding:
    choice = plan_second_pass(settings.second_pass, plan_hearing(settings), settings.sherpa_model, settings.data)
    if choice.name == "sherpa":
        return Finding("second pass", Health.LESSER, f"{choice.name}: {choice.why}", SHERPA_UNTRIED)
    missing = choice.name == "none" and settings.second_pass != "off"
    remedy = "docs/operations.md, SUIFANG_SECOND_PASS" if missing else ""
    return Finding("second pass", Health.LESSER if missing else Health.GOOD, f"{choice.name}: {choice.why}", remedy)


def _sherpa(settings: Settings) -> Finding:
    """Said also where nothing uses it, so that nobody chooses it without knowing what was tried."""
    why = plan_sherpa(settings.sherpa_model, settings.data).why
    return Finding("third recogniser", Health.GOOD, f"{why}; {SHERPA_UNTRIED}")


def _voice(settings: Settings) -> Finding:
    choice = plan_voice(settings.data, settings.voice)
    health = Health.GOOD if choice.name == "kokoro" else Health.LESSER
    remedy = "" if health is Health.GOOD else "./suifang demo (installs the natural voice)"
    return Finding("voice", health, f"{choice.name}: {choice.why}", remedy)


def _espeak(settings: Settings) -> Finding:
    if shutil.which("espeak-ng"):
        return Finding("emergency voice", Health.GOOD, "espeak-ng through pyttsx3")
    return Finding("emergency voice", Health.LESSER, "espeak-ng is missing", "sudo apt-get install espeak-ng")


def _pathways(settings: Settings) -> Finding:
    try:
        pathways = load_all(PATHWAYS)
    except ContentError as problem:
        return Finding("pathways", Health.MISSING, str(problem), "./suifang validate")
    drafts = sum(pathway.draft for pathway in pathways.values())
    health = Health.LESSER if drafts else Health.GOOD
    remedy = "a clinician signs them; until then serve --allow-drafts, never for patients" if drafts else ""
    return Finding("pathways", health, f"{len(pathways)}, of which {drafts} are unsigned drafts", remedy)


def _chat_sentences(settings: Settings) -> Finding:
    folder = NLU_DATA
    approvals = {
        "chat.yml": chat_content.load(folder, drafts=True).approval,
        "wechat.yml": wechat_content.load(folder, drafts=True).approval,
    }
    unsigned = [name for name, approval in approvals.items() if not approval.given]
    if not unsigned:
        return Finding("chat sentences", Health.GOOD, "signed")
    remedy = "a clinician fills in `approval`; until then none is sent without serve --allow-drafts"
    return Finding("chat sentences", Health.LESSER, f"{', '.join(unsigned)} unsigned", remedy)


def _carrier(settings: Settings) -> Finding:
    if settings.carrier == "asterisk":
        return _asterisk(settings)
    twilio = settings.twilio
    if twilio.account_sid and twilio.auth_token and twilio.from_number:
        where = twilio.base_url or "Twilio"
        return Finding("carrier", Health.GOOD, f"{where}, calling from {twilio.from_number}; we are {settings.public}")
    remedy = "SUIFANG_TWILIO_ACCOUNT_SID, _AUTH_TOKEN, _FROM_NUMBER and SUIFANG_PUBLIC_URL (docs/operations.md)"
    return Finding("carrier", Health.LESSER, "no account: only the demo's simulated carrier can call", remedy)


def _wechat(settings: Settings) -> Finding:
    try:
        account = account_of(settings)
    except SettingsError as problem:
        return Finding("WeChat", Health.MISSING, str(problem).splitlines()[-1].strip(), "docs/howto/connect-wechat.md")
    if account is None:
        return Finding("WeChat", Health.GOOD, "no account set: this channel is off")
    if not account.aes_key:
        return Finding("WeChat", Health.LESSER, "plain mode", "choose 安全模式 and set SUIFANG_WECHAT_AES_KEY")
    if not account.template_id:
        what = "no template: whoever has not written for 48 hours is reached by SMS only"
        return Finding("WeChat", Health.LESSER, what, "SUIFANG_WECHAT_TEMPLATE_ID and _TEMPLATE_FIELDS")
    return Finding("WeChat", Health.GOOD, f"{account.app_id}, safe mode, with a template; ./suifang wechat check")


def _asterisk(settings: Settings) -> Finding:
    """Only what the settings say: whether the PBX answers is seen when the stack starts."""
    pbx = settings.asterisk
    try:
        AsteriskSettings(**pbx.model_dump())
    except ValueError as error:
        return Finding("carrier", Health.MISSING, f"Asterisk: {error}", "docs/howto/connect-your-own-asterisk.md")
    if not pbx.password:
        return Finding("carrier", Health.MISSING, "Asterisk: no password", "SUIFANG_ASTERISK_PASSWORD")
    return Finding("carrier", Health.GOOD, f"Asterisk at {pbx.url}, dialling {pbx.endpoint}")


def _browser(settings: Settings) -> Finding:
    if shutil.which("chromium"):
        return Finding("browser for tests", Health.GOOD, "chromium")
    return Finding("browser for tests", Health.LESSER, "chromium is missing", "./suifang test (installs it)")


async def database_check(settings: Settings) -> Finding:
    """Opens the database. Passwords in its URL are not shown."""
    kind = settings.database.split(":", 1)[0].split("+")[0]
    try:
        store = await open_store(settings.database)
    except (StoreError, ValueError) as problem:
        return Finding("database", Health.MISSING, f"{kind}: {problem}", "./suifang serve (creates or upgrades it)")
    async with store.transaction(write=False) as records:
        users = await records.users()
    await store.close()
    return Finding("database", Health.GOOD, f"{kind}, revision {newest_revision()}, {len(users)} users")


def versions() -> str:
    """The libraries that matter when somebody asks for help."""
    heard = ("vosk", "faster-whisper", "sherpa-onnx", "onnxruntime")
    names = ("twilio", *heard, "fastapi", "sqlalchemy", "pyttsx3", "rapidfuzz")
    return "  ".join(f"{name} {_version(name)}" for name in names)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "–"
