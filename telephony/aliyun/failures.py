"""The vendor's published refusals, translated into the scheduler's few.

Source: the table of API error codes of Dysmsapi 2017-05-25 and the OpenAPI gateway's common ones."""

from agent.schedule.ports import SendFailed

_MEANINGS: dict[str, tuple[str, bool]] = {
    "isv.MOBILE_NUMBER_ILLEGAL": ("bad_address", False),
    "isv.MOBILE_COUNT_OVER_LIMIT": ("bad_address", False),
    "isv.SMS_TEMPLATE_ILLEGAL": ("no_template", False),
    "isv.SMS_SIGNATURE_ILLEGAL": ("no_template", False),
    "isv.SMS_SIGN_ILLEGAL": ("no_template", False),
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": ("no_template", False),
    "isv.TEMPLATE_MISSING_PARAMETERS": ("no_template", False),
    "isv.TEMPLATE_PARAMS_ILLEGAL": ("no_template", False),
    "isv.BUSINESS_LIMIT_CONTROL": ("rate_limited", True),
    "isv.DAY_LIMIT_CONTROL": ("rate_limited", True),
    "isv.MONTH_LIMIT_CONTROL": ("rate_limited", True),
    "isv.AMOUNT_NOT_ENOUGH": ("unauthorised", True),  # somebody pays, and it may go
    "isv.OUT_OF_SERVICE": ("unauthorised", True),
    "isv.ACCOUNT_NOT_EXISTS": ("unauthorised", False),
    "isv.ACCOUNT_ABNORMAL": ("unauthorised", False),
    "isv.PRODUCT_UN_SUBSCRIPT": ("unauthorised", False),
    "isv.PRODUCT_UNSUBSCRIBE": ("unauthorised", False),
    "isp.RAM_PERMISSION_DENY": ("unauthorised", False),
    "isp.SYSTEM_ERROR": ("provider_down", True),
    "isp.GATEWAY_ERROR": ("provider_down", True),
    "InternalError": ("provider_down", True),
    "ServiceUnavailable": ("provider_down", True),
    "SignatureNonceUsed": ("provider_down", True),  # another try has another nonce
}
_FAMILIES = {
    "Throttling": ("rate_limited", True),
    "SignatureDoesNotMatch": ("unauthorised", False),
    "IncompleteSignature": ("unauthorised", False),
    "InvalidAccessKeyId": ("unauthorised", False),
    "InvalidTimeStamp": ("unauthorised", False),
    "Forbidden": ("unauthorised", False),
    "NoPermission": ("unauthorised", False),
}


def send_failed(code: str) -> SendFailed:
    """Whatever stands in no table is final: a person must look."""
    known = _MEANINGS.get(code) or _FAMILIES.get(code.partition(".")[0]) or ("rejected", False)
    return SendFailed(known[0], retryable=known[1])
