"""What companies report: segment results, capital expenditure, guidance, XBRL facts, fiscal calendars."""
