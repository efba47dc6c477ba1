"""The web pages: who may enter, what each page shows, and what people do there."""
