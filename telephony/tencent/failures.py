"""The vendor's published refusals, translated into the scheduler's few.

Source: the error codes of the SMS API 2021-01-11 and the common ones of the API, version 3."""

from agent.schedule.ports import SendFailed

_MEANINGS: dict[str, tuple[str, bool]] = {
    "InvalidParameterValue.IncorrectPhoneNumber": ("bad_address", False),
    "UnsupportedOperation.UnsuportedRegion": ("bad_address", False),
    "FailedOperation.PhoneNumberInBlacklist": ("opted_out", False),
    "FailedOperation.PhoneNumberOnBlacklist": ("opted_out", False),
    "FailedOperation.TemplateIncorrectOrUnapproved": ("no_template", False),
    "FailedOperation.SignatureIncorrectOrUnapproved": ("no_template", False),
    "InvalidParameterValue.TemplateParameterFormatError": ("no_template", False),
    "InvalidParameterValue.TemplateParameterLengthLimit": ("no_template", False),
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": ("no_template", False),
    "FailedOperation.InsufficientBalanceInSmsPackage": ("unauthorised", True),  # somebody pays, and it may go
    "UnauthorizedOperation.SerivceSuspendDueToArrears": ("unauthorised", True),  # the vendor writes it so
    "InvalidParameterValue.SdkAppIdNotExist": ("unauthorised", False),
    "FailedOperation.MarketingSendTimeConstraint": ("rate_limited", True),  # from 8 to 22 o'clock only
    "RequestLimitExceeded": ("rate_limited", True),
}
_FAMILIES = {
    "RequestLimitExceeded": ("rate_limited", True),
    "LimitExceeded": ("rate_limited", True),
    "InternalError": ("provider_down", True),
    "ResourceUnavailable": ("provider_down", True),
    "AuthFailure": ("unauthorised", False),
    "UnauthorizedOperation": ("unauthorised", False),
}
_MAY_HAVE_GONE = frozenset({"InternalError.Timeout", "InternalError.SendAndRecvFail"})


def send_failed(code: str) -> SendFailed:
    """Whatever stands in no table is final: a person must look."""
    known = _MEANINGS.get(code) or _FAMILIES.get(code.partition(".")[0]) or ("rejected", False)
    return SendFailed(known[0], retryable=known[1], unsure=code in _MAY_HAVE_GONE)
