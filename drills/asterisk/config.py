"""The PBX's configuration for the drill: one trunk to the test telephone, ARI and media on loopback only."""

import random
import secrets
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from drills.asterisk.install import Program
from machine.served import free_port

FOLDER = "etc/suifang-drill"


@dataclass(frozen=True, slots=True)
class Places:
    """Where everybody listens, and the password of the day. `tls`: the robot's side speaks https and wss."""

    tls: bool = False
    https: int = field(default_factory=lambda: free_port(socket.SOCK_STREAM))
    http: int = field(default_factory=lambda: free_port(socket.SOCK_STREAM))
    sip: int = field(default_factory=lambda: free_port(socket.SOCK_DGRAM))
    phone: int = field(default_factory=lambda: free_port(socket.SOCK_DGRAM))
    rtp: int = field(default_factory=lambda: random.randrange(20_000, 28_000, 200))
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def url(self) -> str:
        """Where it is looked at whether the PBX is up."""
        return f"http://127.0.0.1:{self.http}"

    @property
    def run(self) -> str:
        """What this PBX writes, apart from any other that runs here."""
        return f"run/suifang-drill-{self.http}"

    @property
    def certificate(self) -> str:
        return f"{self.run}/pbx.pem"

    @property
    def robot_url(self) -> str:
        return f"https://127.0.0.1:{self.https}" if self.tls else self.url


def write(program: Program, places: Places) -> str:
    """Writes the files; returns asterisk.conf's path as seen from inside."""
    (program.root / places.run).mkdir(parents=True, exist_ok=True)
    folder = program.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _files(program, places).items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("stasis.conf", "indications.conf"):  # without the first ARI does not start; the second rings
        stock = program.root / "etc/asterisk" / name
        (folder / name).write_text(stock.read_text(encoding="utf-8") if stock.exists() else "", encoding="utf-8")
    if places.tls and not (program.root / places.certificate).exists():
        _certificate(program.root / places.certificate)
    return f"/{FOLDER}/asterisk.conf"


def _certificate(path: Path) -> None:
    """Its own authority, for this address only; made once, for a PBX that is started again keeps its own."""
    files = ["-keyout", str(path.with_suffix(".key")), "-out", str(path)]
    names = ["-subj", "/CN=drill", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *names]
    subprocess.run(command, check=True, capture_output=True)


def _files(program: Program, places: Places) -> dict[str, str]:
    return {
        "asterisk.conf": f"""[directories]
astetcdir => /{FOLDER}
astmoddir => {program.modules}
astvarlibdir => /var/lib/asterisk
astdatadir => /usr/share/asterisk
astdbdir => /{places.run}
astspooldir => /{places.run}
astrundir => /{places.run}
astlogdir => /{places.run}
""",
        "modules.conf": "[modules]\nautoload=yes\nnoload=chan_iax2.so\nnoload=res_hep.so\nnoload=chan_unistim.so\n",
        "logger.conf": "[logfiles]\nmessages => warning,error\n",
        "http.conf": f"[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport={places.http}\n" + _tls(places),
        "ari.conf": f"[general]\nenabled=yes\n[suifang]\ntype=user\nread_only=no\npassword={places.password}\n",
        "rtp.conf": f"[general]\nrtpstart={places.rtp}\nrtpend={places.rtp + 199}\n",
        "extensions.conf": "[nobody]\n",
        "websocket_client.conf": "",
        "pjsip.conf": f"""[udp]
type=transport
protocol=udp
bind=127.0.0.1:{places.sip}

[trunk]
type=endpoint
transport=udp
context=nobody
disallow=all
allow=ulaw
direct_media=no
aors=trunk

[trunk]
type=aor
contact=sip:127.0.0.1:{places.phone}
""",
    }


def _tls(places: Places) -> str:
    if not places.tls:
        return ""
    key = places.certificate.removesuffix(".pem") + ".key"
    keys = f"tlscertfile=/{places.certificate}\ntlsprivatekey=/{key}\n"
    return f"tlsenable=yes\ntlsbindaddr=127.0.0.1:{places.https}\n{keys}"


def log_of(program: Program, places: Places) -> Path:
    return program.root / places.run / "messages"
