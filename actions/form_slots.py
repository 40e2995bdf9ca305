"""The slots that forms fill: a case's draft, what a person is told of it, what is forgotten when a form ends."""

# field of a case's draft → slot
CASE_SLOTS = {
    "wish": "case_wish",
    "lines": "case_items",
    "reason": "case_reason",
    "remedy": "case_remedy",
    "condition": "case_condition",
    "exchange_for": "case_exchange_for",
    "pickup": "case_pickup",
    "refused_lines": "case_refused_items",
    "refused_reason": "case_refused_reason",
}
# Whose order it is; what is known of that goes along from one form to another.
IDENTITY_SLOTS = ("order_number", "identity_proof", "first_contact")
# What tells a person what the customer wants.
DRAFT_SLOTS = ("order_number", *(slot for slot in CASE_SLOTS.values() if "refused" not in slot))
FORM_SLOTS = (
    *IDENTITY_SLOTS,
    "bare_number",
    *CASE_SLOTS.values(),
    *("case_said", "case_summary", "case_key", "case_confirmed"),
    *("withdraw_case", "withdraw_summary", "withdraw_confirmed"),
)
# What is wanted with a case that exists.
REQUEST_SLOTS = ("case_request", "case_note")
