"""The clinic room: roots, findings, and where on the body they show."""
