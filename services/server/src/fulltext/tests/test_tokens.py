"""A search finds any part of a text as it is typed, in any language and any case."""

# ruff: noqa: RUF001 - letters that look like Latin ones are what is tried

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from fulltext.tokens import Tokens, matching

pytestmark = pytest.mark.django_db
# Two words of each language.
LANGUAGES = {
    "Arabic": ["مرحبا", "بالعالم"],
    "Chinese": ["你好", "东京塔"],
    "English": ["Hello", "World"],
    "French": ["CAFÉ", "élève"],
    "German": ["Über", "Straße"],
    "Greek": ["ΣΊΣΥΦΟΣ", "λόγος"],
    "Hebrew": ["שלום", "עולם"],
    "Hindi": ["नमस्ते", "दुनिया"],
    "Japanese": ["こんにちは", "カタカナ"],
    "Korean": ["안녕하세요", "서울"],
    "Russian": ["Привет", "Мир"],
    "Thai": ["สวัสดี", "โลก"],
    "Turkish": ["İstanbul", "ılık"],
}
# What is made of a word.
KINDS = {
    "word": "{}",
    "URL": "https://example.org/{}?q={}&b=%20#top",
    "host": "www.{}.example",
    "e-mail": "{}.x@example.org",
    "hashtag": "#{}",
    "mention": "@{}_1",
    "C++": "C++{}",
    "C#": "{}/C#",
    "decimal": "{} 3.14",
    "thousands": "1.000,50 {}",
    "negative": "-5 {}",
    "percent": "50% {}",
    "price": "€5 {}",
    "time": "{} 12:30",
    "date": "{} 2026-11-28",
    "version": "{}-v1.2.3-rc1",
    "emoji": "{}😀",
    "joined emoji": "{} 👩‍👧 ❤️",
    "flag": "🇩🇪 {}",
    "smiley": "{} :-)",
    "hyphen": "{}-{}",
    "apostrophe": "l'{}",
    "quote": "„{}“",
    "brackets": "[{}](x)",
    "path": "/etc/{}.conf",
    "operator": "a && !{} || b",
    "or": "{} or not",
    "wildcard": "%_{}*",
    "backslash": "C:\\{}",
    "control": "{}\tb\nc",
}
CASES = [
    pytest.param(words, form, id=f"{language} {kind}")
    for language, words in LANGUAGES.items()
    for kind, form in KINDS.items()
]
SAME = [
    ("Привет", "привет"),
    ("Über", "über"),
    ("CAFÉ", "café"),
    ("cafe\u0301", "CAFÉ"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("Straße", "STRASSE"),
    ("STRAẞE", "strasse"),
    ("İstanbul", "istanbul"),
    ("İstanbul", "ISTANBUL"),
    ("ISPARTA", "ısparta"),
    ("ＡＢＣ", "abc"),
    ("Ջուր", "ՋՈՒՐ"),
    ("ფული", "ᲤᲣᲚᲘ"),
    ("ﬁne", "FINE"),
]


def found(query):
    """The names of the groups that a query finds."""
    return {group.name for group in Group.objects.filter(matching("name", query))}


@pytest.fixture
def stored():
    """Store texts, as names of groups."""

    def store(*texts):
        Group.objects.bulk_create(Group(name=text) for text in texts)

    return store


@pytest.mark.parametrize(("words", "form"), CASES)
def test_token_is_found_as_it_stands(stored, words, form):
    token = form.format(words[0], words[0])
    texts = {f"a {token} b", f"({token})", f"{token}, {words[1]}"}
    stored(*texts, words[1], "a b", "other")
    assert found(token) == texts
    assert found(token.upper()) == found(token.lower()) == texts


@pytest.mark.parametrize(("text", "query"), SAME)
def test_case_makes_no_difference(stored, text, query):
    stored(text, "other")
    assert found(query) == {text}


def test_each_letter_is_found_in_either_case():
    letters = [chr(code) for code in range(0x110000) if chr(code).upper() != chr(code) and not is_iota(chr(code))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a FROM unnest(%s, %s) AS pairs(a, b) WHERE search_tokens(a) <> search_tokens(b)",
            [letters, [letter.upper() for letter in letters]],
        )
        assert cursor.fetchall() == []


def is_iota(letter):
    """Whether a Greek letter has an iota below, which capitals have beside them."""
    return "\N{GREEK CAPITAL LETTER IOTA}" in letter.upper()[1:]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("brown", {"The quick brown fox", "A slow brown bear"}),
        ("FOX quick", {"The quick brown fox"}),
        ("brown -slow", {"The quick brown fox"}),
        ('brown -"slow brown"', {"The quick brown fox"}),
        ('"quick brown"', {"The quick brown fox"}),
        ('"brown quick"', set()),
        ('""', set()),
        ("bear OR fox", {"The quick brown fox", "A slow brown bear"}),
        ("bear or quick slow", {"A slow brown bear"}),
        ("bro", set()),
        ("-brown", set()),
        ("or", set()),
        ("fox or", {"The quick brown fox"}),
        ("東京", {"私は東京に住む"}),
        ("京東", set()),
    ],
)
def test_query_is_understood(stored, query, texts):
    stored("The quick brown fox", "A slow brown bear", "私は東京に住む")
    assert found(query) == texts


@pytest.mark.parametrize("query", ["'", "\\", "%", "!!&|(:*", "-" * 200, "or " * 60, '"' * 99, "\u200d", "¨"])
def test_strange_query_is_answered(stored, query):
    stored(f"a {query[:100]} b")
    assert len(found(query)) <= 1


def test_tokens_are_words_and_single_characters(stored):
    stored("C++, don't: well-known ٣٫١٤ 東京")
    tokens = ["c", "+", "+", ",", "don", "'", "t", ":", "well", "-", "known", "٣", "٫", "١٤", "東", "京"]
    assert Group.objects.values_list(Tokens("name"), flat=True).get() == tokens
