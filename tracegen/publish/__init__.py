"""What is handed out: solution sheets, slides, pages that step through a trace, worksheets."""
