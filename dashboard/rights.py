"""Who may do what: one table of roles, one of routes. A route that stands in neither table is closed to everybody."""

from enum import StrEnum

from agent.model.record import Role


class Permission(StrEnum):
    READ = "read"  # cards, patients, conversations, recordings
    LISTEN = "listen"  # to a call while it is made
    ACT = "act"  # take, note, give on, put off, resolve
    RELEASE = "release"  # give back or hand on a colleague's card
    ARRANGE = "arrange"  # call now, move, waive or add a contact
    PRACTISE = "practise"  # rehearse a pathway in the browser
    PATHWAYS = "pathways"  # read the pathways and who signed them
    INSIGHT = "insight"  # figures over many patients, and their lists
    CAMPAIGNS = "campaigns"  # plan and start campaigns
    IMPORT = "import"  # bring patients in
    HOUSE = "house"  # lines and calling hours
    FAQ = "faq"  # propose answers for what the robot could not answer
    USERS = "users"


_WARD = frozenset(
    {Permission.READ, Permission.LISTEN, Permission.ACT, Permission.ARRANGE, Permission.PRACTISE, Permission.PATHWAYS}
)
_DESK = frozenset(
    {Permission.READ, Permission.ARRANGE, Permission.PATHWAYS, Permission.INSIGHT, Permission.CAMPAIGNS,
     Permission.IMPORT, Permission.PRACTISE, Permission.HOUSE, Permission.FAQ}
)  # fmt: skip
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.NURSE: _WARD,
    Role.CLINICIAN: _WARD | {Permission.INSIGHT, Permission.FAQ},
    Role.DOCTOR: _WARD | {Permission.RELEASE, Permission.INSIGHT, Permission.FAQ},
    Role.ADMIN: frozenset(Permission),
    Role.COORDINATOR: _DESK,
    Role.AUDITOR: frozenset({Permission.READ, Permission.PATHWAYS, Permission.INSIGHT}),
}

PUBLIC = frozenset(
    {("GET", "/login"), ("POST", "/login"), ("GET", "/static/{version}/{name}"), ("GET", "/favicon.ico"),
     ("GET", "/static/{version}/{language}/{name}"),
     ("GET", "/login/house"), ("GET", "/login/house/return"), ("GET", "/login/house/leave"),
     ("POST", "/login/house/ended"),
     ("GET", "/healthz"), ("GET", "/"), ("GET", "/wall"), ("GET", "/wall/board"), ("GET", "/wall/{key}")}
)  # fmt: skip
SIGNED_IN = frozenset({("POST", "/logout"), ("GET", "/password"), ("POST", "/password"), ("POST", "/language")})
RIGHTS: dict[tuple[str, str], Permission] = {
    ("GET", "/displays"): Permission.USERS,
    ("POST", "/displays"): Permission.USERS,
    ("POST", "/displays/{display_id}/revoke"): Permission.USERS,
    ("GET", "/queue"): Permission.READ,
    ("GET", "/queue/list"): Permission.READ,
    ("GET", "/live"): Permission.READ,
    ("GET", "/calls"): Permission.READ,
    ("GET", "/calls/list"): Permission.READ,
    ("GET", "/calls/{attempt_id}"): Permission.READ,
    ("GET", "/calls/{attempt_id}/hearing"): Permission.READ,
    ("GET", "/calls/{attempt_id}/sound"): Permission.LISTEN,
    ("POST", "/calls/{attempt_id}/take-over"): Permission.ACT,
    ("GET", "/escalations/{escalation_id}"): Permission.READ,
    ("POST", "/escalations/{escalation_id}/{what}"): Permission.ACT,
    ("POST", "/contacts/{contact_id}/turns/{turn_id}/missed"): Permission.ACT,
    ("POST", "/second-passes/{attempt_id}/checked"): Permission.ACT,
    ("GET", "/search"): Permission.READ,
    ("GET", "/patients"): Permission.READ,
    ("GET", "/patients/{patient_id}"): Permission.READ,
    ("GET", "/patients/{patient_id}/summary"): Permission.READ,
    ("POST", "/patients/{patient_id}/call"): Permission.ARRANGE,
    ("POST", "/contacts/{contact_id}/move"): Permission.ARRANGE,
    ("POST", "/contacts/{contact_id}/waive"): Permission.ARRANGE,
    ("POST", "/patients/{patient_id}/record"): Permission.ARRANGE,
    ("POST", "/patients/{patient_id}/tier"): Permission.ARRANGE,
    ("POST", "/patients/{patient_id}/consent"): Permission.ARRANGE,
    ("POST", "/patients/{patient_id}/contacts"): Permission.ARRANGE,
    ("POST", "/patients/{patient_id}/messages"): Permission.ARRANGE,
    ("POST", "/contacts/{contact_id}/again"): Permission.ARRANGE,
    ("POST", "/contacts/{contact_id}/number"): Permission.ARRANGE,
    ("GET", "/unreachable"): Permission.READ,
    ("GET", "/insight"): Permission.INSIGHT,
    ("GET", "/insight/contacts"): Permission.INSIGHT,
    ("GET", "/insight/cards"): Permission.INSIGHT,
    ("GET", "/points"): Permission.INSIGHT,
    ("GET", "/insight/calls"): Permission.INSIGHT,
    ("GET", "/insight/answers"): Permission.INSIGHT,
    ("GET", "/insight/satisfaction"): Permission.INSIGHT,
    ("GET", "/insight/warm-up"): Permission.INSIGHT,
    ("GET", "/insight/readmissions"): Permission.INSIGHT,
    ("POST", "/insight/faq"): Permission.FAQ,
    ("POST", "/insight/faq/{proposal_id}/drop"): Permission.FAQ,
    ("GET", "/patients/{patient_id}/media"): Permission.READ,
    ("GET", "/media/{piece_id}"): Permission.READ,
    ("GET", "/contacts"): Permission.READ,
    ("GET", "/contacts/{contact_id}"): Permission.READ,
    ("GET", "/recordings/{recording_id}.wav"): Permission.READ,
    ("GET", "/recordings/{recording_id}/peaks"): Permission.READ,
    ("GET", "/practice"): Permission.PRACTISE,
    ("GET", "/campaigns"): Permission.CAMPAIGNS,
    ("POST", "/campaigns"): Permission.CAMPAIGNS,
    ("POST", "/campaigns/{campaign_id}/{what}"): Permission.CAMPAIGNS,
    ("GET", "/lines"): Permission.HOUSE,
    ("GET", "/hours"): Permission.HOUSE,
    ("POST", "/hours"): Permission.HOUSE,
    ("GET", "/pathways"): Permission.PATHWAYS,
    ("GET", "/pathways/style.css"): Permission.PATHWAYS,
    ("GET", "/pathways/{name}"): Permission.PATHWAYS,
    ("GET", "/pathways/{name}/pictures/{lesson}"): Permission.PATHWAYS,
    ("GET", "/users"): Permission.USERS,
    ("POST", "/users"): Permission.USERS,
    ("POST", "/users/{name}/{what}"): Permission.USERS,
    ("GET", "/import"): Permission.IMPORT,
    ("POST", "/import"): Permission.IMPORT,
    ("GET", "/import/{upload_id}"): Permission.IMPORT,
    ("GET", "/import/{upload_id}/problems.csv"): Permission.IMPORT,
    ("POST", "/import/{upload_id}/columns"): Permission.IMPORT,
    ("POST", "/import/{upload_id}/confirm"): Permission.IMPORT,
}
"""(method, path as the route writes it) → what it takes; HEAD goes as GET."""


def may(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]


def open_to(role: Role, method: str, path: str) -> bool:
    """Whether a signed-in user of this role may use the route."""
    key = ("GET" if method == "HEAD" else method, path)
    return key in SIGNED_IN or (key in RIGHTS and may(role, RIGHTS[key]))
