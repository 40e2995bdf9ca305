"""Facts that change by the hour: stock, prices, attributes, promotions, how the carriers are doing."""
