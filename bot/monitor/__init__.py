"""The live monitor: how enrolment goes, in figures and charts, beside what the office aims at.

Pages are tuples of panels (`bot/monitor/pages.py`), a panel is a table of figures and perhaps a chart of them
(`bot/monitor/panel.py`), and each is read by one function. They stand in the desk, behind its sign-in.
"""
