"""Why a customer gives goods back, and in what state they are."""
