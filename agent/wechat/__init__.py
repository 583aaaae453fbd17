"""WeChat's side of the house: what came in, whose openid it is, when words may go out."""
