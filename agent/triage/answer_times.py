"""What answers call then and now, for the patterns that set the one against the other."""

import re

FORMERLY = "以前|之前|从前|原来"
NOW = "现在|今天|这[几两]天|后来"
ASKED_SINCE = re.compile(  # whatever is so today
    r"出院以?后|回家以?后|这[几两]天|这些天|这[一两]?周|这个?月|最近|[做出得烧疼晕吐拉摔]过"
)
LATELY = re.compile("昨|前[天两几]|上周|上个?(?:礼拜|星期)|刚出院|头[几两]天|夜里|半夜|早上")
