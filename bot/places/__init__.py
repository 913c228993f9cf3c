"""Places named in French messages, read without Rasa."""
