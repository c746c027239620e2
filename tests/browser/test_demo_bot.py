"""The page of the demo chats, as a person uses it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo_bot.faults import FaultKind
from tests.support.bot_api import LocalBotApi, running_bot_api
from tests.support.chromium import record_outside_requests
from tests.support.pictures import portrait
from tests.support.waiting import eventually

BUTTONS = {"inline_keyboard": [[{"text": "Acknowledge", "callback_data": "ack:17"}]]}


@pytest.fixture
def api() -> Iterator[LocalBotApi]:
    with running_bot_api() as running:
        yield running


@pytest.fixture
def anna(api: LocalBotApi) -> int:
    return api.add_person("Anna")


@pytest.fixture
def chats(browser: Browser, api: LocalBotApi, anna: int) -> Iterator[Page]:
    """The page, wide, with Anna's chat open; fails if it complained or asked elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    outside = record_outside_requests(context, api.url)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(api.url)
    expect(page.get_by_role("heading", name="Anna")).to_be_visible()
    yield page
    context.close()
    assert (outside, complaints) == ([], [])


def call(api: LocalBotApi, method: str, **given: object) -> Any:
    """One call of the bot, by the plainest of clients: python-telegram-bot wants this thread."""
    request = urllib.request.Request(
        f"{api.base_url}{api.token}/{method}",
        json.dumps(given).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["result"]


def test_an_alert_is_seen_and_its_button_pressed(chats: Page, api: LocalBotApi, anna: int) -> None:
    api.send_photo(anna, portrait(), "me")
    file_id = call(api, "getUpdates")[0]["message"]["photo"][-1]["file_id"]
    sent = call(
        api, "sendPhoto", chat_id=anna, photo=file_id, caption="Alert 17", reply_markup=BUTTONS
    )
    picture = chats.get_by_role("img", name="Picture: Alert 17")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 512
    chats.get_by_role("button", name="Acknowledge").click()
    eventually(lambda: any("callback_query" in update for update in call(api, "getUpdates")))
    query = call(api, "getUpdates")[-1]["callback_query"]
    assert query["data"] == "ack:17"
    call(api, "answerCallbackQuery", callback_query_id=query["id"], text="Thank you")
    expect(chats.get_by_text("Thank you")).to_be_visible()
    call(
        api,
        "editMessageCaption",
        chat_id=anna,
        message_id=sent["message_id"],
        caption="Alert 17: Anna has taken it.",
    )
    expect(chats.get_by_role("log").get_by_text("Anna has taken it.")).to_be_visible()
    expect(chats.get_by_role("button", name="Acknowledge")).to_have_count(0)
    chats.get_by_text("What it said before").click()
    expect(chats.get_by_text("Alert 17", exact=False).last).to_be_visible()


def test_words_and_a_picture_reach_the_bot(chats: Page, api: LocalBotApi, anna: int) -> None:
    chats.get_by_role("textbox", name="Message").fill("/start 314159")
    chats.keyboard.press("Enter")
    expect(chats.get_by_role("log").get_by_text("/start 314159")).to_be_visible()
    chats.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": portrait("PNG")}
    )
    chats.get_by_role("textbox", name="Message").fill("How do I look?")
    chats.get_by_role("button", name="Send").click()
    expect(chats.get_by_role("img", name="Picture: How do I look?")).to_be_visible()
    words, picture = (message for message in api.messages(anna))
    assert (words.text, picture.text) == ("/start 314159", "How do I look?")
    assert picture.photo_url is not None


def test_what_is_no_picture_is_refused_and_the_words_stay(chats: Page, api: LocalBotApi) -> None:
    chats.locator("input[type=file]").set_input_files(
        {"name": "diary.png", "mimeType": "image/png", "buffer": b"Dear diary"}
    )
    chats.get_by_role("textbox", name="Message").fill("How do I look?")
    chats.get_by_role("button", name="Send").click()
    expect(chats.get_by_text("IMAGE_PROCESS_FAILED")).to_be_visible()
    expect(chats.get_by_role("textbox", name="Message")).to_have_value("How do I look?")


def test_a_fault_is_ordered_and_lifted(chats: Page, api: LocalBotApi, anna: int) -> None:
    chats.get_by_label("What happens").select_option(FaultKind.BAD_GATEWAY.value)
    chats.get_by_label("How often").select_option("until lifted")
    chats.get_by_role("button", name="Order").click()
    expect(chats.get_by_text("until lifted").last).to_be_visible()
    with pytest.raises(urllib.error.HTTPError, match="502") as failure:
        call(api, "sendMessage", chat_id=anna, text="Hello")
    failure.value.close()
    expect(chats.get_by_text("sendMessage: bad gateway")).to_be_visible()
    chats.get_by_role("button", name="Lift all").click()
    expect(chats.get_by_text("All calls go through.")).to_be_visible()
    call(api, "sendMessage", chat_id=anna, text="Hello")
    expect(chats.get_by_role("log").get_by_text("Hello")).to_be_visible()


def test_every_fault_has_words_on_the_page(chats: Page) -> None:
    offered = chats.get_by_label("What happens").locator("option")
    values = offered.evaluate_all("options => options.map(option => option.value)")
    assert set(values) == {kind.value for kind in FaultKind} - {FaultKind.ANSWER.value}


def test_somebody_new_and_what_is_not_seen_yet(chats: Page, api: LocalBotApi) -> None:
    chats.get_by_role("button", name="+ Person").click()
    chats.get_by_label("Name").fill("Ben")
    chats.get_by_role("button", name="Add", exact=True).click()
    expect(chats.get_by_role("heading", name="Ben")).to_be_visible()
    chats.get_by_role("button", name="Anna").click()
    expect(chats.get_by_role("heading", name="Anna")).to_be_visible()
    ben = next(chat["id"] for chat in api.state()["chats"] if chat["name"] == "Ben")
    call(api, "sendMessage", chat_id=ben, text="Hello Ben")
    expect(chats.get_by_title("1 not seen yet")).to_be_visible()
    expect(chats).to_have_title("(1) Mien · Demo chats")


def test_what_the_bot_writes_is_no_mark_up(chats: Page, api: LocalBotApi, anna: int) -> None:
    text = "<img src=x onerror=document.title='broken'>"
    call(api, "sendMessage", chat_id=anna, text=text)
    expect(chats.get_by_role("log").get_by_text(text)).to_be_visible()
    expect(chats).to_have_title("Mien · Demo chats")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(
    browser: Browser, api: LocalBotApi, anna: int, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    call(
        api,
        "setMyCommands",
        commands=[
            {"command": f"command_number_{number}", "description": "x"} for number in range(9)
        ],
    )
    call(api, "sendMessage", chat_id=anna, text="long" * 500, reply_markup=BUTTONS)
    page = context.new_page()
    page.goto(api.url)
    expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Faults").click()
    expect(page.get_by_role("button", name="Order")).to_be_in_viewport()
    context.close()
