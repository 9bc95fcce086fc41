"""What we are built from: bills of materials, licences, known vulnerabilities. `python -m tests.supply`."""
