"""Mathematics set in boxes of known size, so that labels can be measured and placed."""
