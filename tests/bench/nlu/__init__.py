"""Understanding and speed, against the stock components of Rasa and against nlp.js."""
