from dataclasses import replace

import pytest

from agent.dialog.decider import AMBIGUOUS_DEATH, decide
from agent.dialog.parse import SURE_ENTRY, Guess, Parse
from agent.model.move import MoveContext, MoveKind

NEUTRAL = MoveContext()
YES_NO = MoveContext(question="breath", expect="yes_no", phase="questions")


def parse(text: str, *intents: tuple[str, float], faq: tuple[str, float] | None = None) -> Parse:
    return Parse(text, tuple(Guess(*one) for one in intents), (Guess(*faq),) if faq else ())


def kind(words: Parse, context: MoveContext = NEUTRAL) -> MoveKind:
    return decide(words, context).kind


def test_a_sure_guess_stands() -> None:
    assert kind(parse("我去拿血压计", ("wait", 0.9))) is MoveKind.WAIT


def test_rasas_fallback_label_is_skipped() -> None:
    assert kind(parse("等等", ("nlu_fallback", 0.4), ("wait", 0.35))) is MoveKind.WAIT


def test_no_guess_at_all_is_nonsense() -> None:
    assert kind(Parse("", ())) is MoveKind.NONSENSE


@pytest.mark.parametrize("expect", ["free_text", "identity"])
def test_unsure_words_are_an_answer_where_any_words_can_be_one(expect: str) -> None:
    assert kind(parse("王建国", ("thanks", 0.1)), MoveContext(expect=expect)) is MoveKind.ANSWER


def test_a_score_thought_aloud_is_an_answer_and_no_pause() -> None:
    context = MoveContext(question="overall", expect="number", phase="questions")
    assert kind(parse("我看八分", ("wait", 0.9)), context) is MoveKind.ANSWER
    assert kind(parse("我看看", ("wait", 0.9)), context) is MoveKind.WAIT


def test_unsure_words_are_an_answer_where_one_was_asked_for() -> None:
    context = MoveContext(question="weight", expect="number")
    assert kind(parse("巴拉巴拉", ("thanks", 0.1)), context) is MoveKind.ANSWER
    assert kind(parse("巴拉巴拉", ("nonsense", 0.9)), context) is MoveKind.NONSENSE
    assert kind(parse("巴拉巴拉", ("thanks", 0.1))) is MoveKind.NONSENSE


class TestContent:
    FOUND = MoveContext(question="breath", expect="yes_no", phase="questions", has_finding=True)

    @pytest.mark.parametrize("guess", ["refuse", "slower", "louder", "nonsense", "goodbye", "thanks", "deceased"])
    def test_a_symptom_outweighs_a_weak_guess(self, guess: str) -> None:
        assert kind(parse("不想吃饭没力气", (guess, 0.4)), self.FOUND) is MoveKind.ANSWER

    @pytest.mark.parametrize(
        ("text", "guess"),
        [
            ("他心梗没救过来", "deceased"),
            ("打错了，我没有心梗", "wrong_person"),
            ("心梗的事叫医生跟我说", "want_human"),
            ("心梗好了，别再打了", "opt_out"),
        ],
    )
    def test_a_grave_move_outweighs_a_symptom(self, text: str, guess: str) -> None:
        assert kind(parse(text, (guess, 0.6)), self.FOUND) == guess

    @pytest.mark.parametrize(
        ("text", "guess"),
        [("已经纸住了", "deceased"), ("没走几步就喘", "deceased"), ("俺不上楼，俺住平房", "wrong_person")],
    )
    def test_a_grave_move_in_mid_call_needs_its_words(self, text: str, guess: str) -> None:
        assert kind(parse(text, (guess, 0.6)), YES_NO) == "answer"

    def test_a_question_after_the_last_one_is_heard_as_such(self) -> None:
        asked = parse("疼得睡不着吃什么药", ("answer", 0.9), faq=("painkiller", 0.5))
        closing = replace(self.FOUND, phase="closing", expect="free_text")
        assert kind(asked, closing) == "faq"
        assert kind(asked, self.FOUND) == "answer"

    def test_a_relative_in_the_words_is_not_on_the_line(self) -> None:
        assert kind(parse("我女儿给我量的", ("caregiver", 0.6)), self.FOUND) is MoveKind.ANSWER
        assert kind(parse("我是他女儿他胸口疼", ("caregiver", 0.6)), self.FOUND) is MoveKind.CAREGIVER

    @pytest.mark.parametrize("words", ["不想吃饭", "我不想活了", "不愿意动"])
    def test_what_the_body_refuses_is_told_not_refused(self, words: str) -> None:
        assert kind(parse(words, ("refuse", 0.95)), self.FOUND) is MoveKind.ANSWER
        assert kind(parse("头晕着呢别问了", ("refuse", 0.95)), self.FOUND) is MoveKind.REFUSE

    def test_a_correction_keeps_its_number(self) -> None:
        context = MoveContext(question="pressure", expect="number", has_measurement=True)
        assert kind(parse("不对是一百六", ("correct", 0.35)), context) is MoveKind.CORRECT

    def test_a_time_to_call_is_no_answer(self) -> None:
        context = MoveContext(question="pressure", expect="number", has_measurement=True)
        assert kind(parse("晚上八点打给我", ("not_now", 0.9)), context) is MoveKind.NOT_NOW

    def test_a_question_about_a_symptom_stays_a_question(self) -> None:
        move = decide(parse("伤口红怎么办", ("faq", 0.5), faq=("redness", 0.9)), self.FOUND)
        assert (move.kind, move.faq) == (MoveKind.ASK, "redness")


class TestOpenQuestion:
    NO = MoveContext(question="breath", expect="yes_no", phase="questions", polarity="no")
    YES = MoveContext(question="breath", expect="yes_no", phase="questions", polarity="yes")

    def test_no_need_denies_when_a_yes_or_no_is_wanted(self) -> None:
        assert kind(parse("不用了", ("refuse", 0.5), ("deny", 0.4)), self.NO) is MoveKind.DENY

    def test_a_plain_refusal_stays_one(self) -> None:
        assert kind(parse("不想回答", ("refuse", 0.9), ("answer", 0.05)), self.NO) is MoveKind.REFUSE

    def test_the_questions_own_verb_answers_it(self) -> None:
        asked = MoveContext(question="rinse", expect="yes_no", phase="questions", sentence="吸完药漱口了吗？")
        assert kind(parse("漱了", ("deceased", 0.6)), asked) is MoveKind.AFFIRM
        assert kind(parse("没漱", ("deceased", 0.6)), asked) is MoveKind.DENY
        assert kind(parse("他去世了", ("deceased", 0.6)), asked) is MoveKind.DECEASED

    def test_said_wrong_takes_back(self) -> None:
        assert kind(parse("说错了刷牙时牙龈出血", ("answer", 0.7)), YES_NO) is MoveKind.CORRECT
        assert kind(parse("不对劲胸口难受", ("answer", 0.7)), YES_NO) is MoveKind.ANSWER

    def test_when_it_began_is_no_time_to_call(self) -> None:
        since = MoveContext(question="since_when", expect="free_text", phase="red_flag")
        assert kind(parse("今天上午", ("not_now", 0.7)), since) is MoveKind.ANSWER
        assert kind(parse("上午再打", ("not_now", 0.7)), since) is MoveKind.NOT_NOW

    def test_somebody_unknown_says_he_is_away(self) -> None:
        who = MoveContext(expect="identity", phase="identity")
        assert kind(parse("他不在家", ("caregiver", 0.9)), who) is MoveKind.DENY
        assert kind(parse("我是他女儿他不在家", ("caregiver", 0.9)), who) is MoveKind.CAREGIVER

    def test_triage_and_rasa_disagree(self) -> None:
        assert kind(parse("是没有", ("affirm", 0.8)), self.NO) is MoveKind.ANSWER

    def test_a_weak_guess_gives_way_to_the_polarity(self) -> None:
        assert kind(parse("有的呀", ("thanks", 0.4)), self.YES) is MoveKind.AFFIRM

    def test_calling_out_in_mid_call_asks_for_the_question_again(self) -> None:
        assert kind(parse("喂喂", ("greet", 0.99)), YES_NO) is MoveKind.REPEAT
        assert kind(parse("喂喂", ("greet", 0.99))) is MoveKind.GREET

    def test_a_call_is_not_ended_on_a_weak_guess(self) -> None:
        assert kind(parse("嗯那个", ("goodbye", 0.4)), YES_NO) is MoveKind.ANSWER
        assert kind(parse("挂了啊", ("goodbye", 0.9)), YES_NO) is MoveKind.GOODBYE

    def test_back_from_a_wait(self) -> None:
        context = MoveContext(question="pressure", expect="free_text", phase="waiting")
        assert kind(parse("好了", ("goodbye", 0.9)), context) is MoveKind.ANSWER
        assert kind(parse("好了挂了吧", ("goodbye", 0.9)), context) is MoveKind.GOODBYE

    def test_wrong_while_a_number_is_read_back(self) -> None:
        context = MoveContext(question="pressure", expect="yes_no", phase="read_back")
        assert kind(parse("错了", ("wrong_person", 0.9)), context) is MoveKind.CORRECT


class TestGraveBehindPolite:
    def test_death_is_not_hidden_by_thanks(self) -> None:
        words = parse("我爷爷过世了谢谢你们", ("thanks", 0.6), ("deceased", 0.3))
        assert kind(words) is MoveKind.DECEASED

    def test_a_faint_second_guess_is_left(self) -> None:
        assert kind(parse("谢谢你们", ("thanks", 0.8), ("deceased", 0.05))) is MoveKind.THANKS


class TestDeath:
    def test_he_has_left_may_mean_anything_and_is_asked_back(self) -> None:
        assert decide(parse("他走了", ("deceased", 0.99)), NEUTRAL).confidence == AMBIGUOUS_DEATH

    def test_plain_words_are_believed(self) -> None:
        assert decide(parse("他上周去世了", ("deceased", 0.99)), NEUTRAL).confidence == 0.99


class TestQuestions:
    def test_an_entry_fits(self) -> None:
        move = decide(parse("能洗澡吗", ("faq", 0.9), faq=("shower", SURE_ENTRY)), NEUTRAL)
        assert (move.kind, move.faq) == (MoveKind.ASK, "shower")

    def test_no_entry_fits(self) -> None:
        move = decide(parse("食堂几点开", ("faq", 0.9), faq=("shower", SURE_ENTRY - 0.01)), NEUTRAL)
        assert (move.kind, move.faq) == (MoveKind.ASK, None)

    def test_nearly_an_entrys_own_words(self) -> None:
        words = parse("伤口能碰水吗", ("answer", 0.5), faq=("shower", 0.95))
        assert decide(words, YES_NO).faq == "shower"

    def test_no_form_of_a_question_and_a_weak_guess_is_an_answer(self) -> None:
        assert kind(parse("血压忽高忽低的", ("faq", 0.5), faq=("bp_measure", 0.3)), YES_NO) is MoveKind.ANSWER


class TestClues:
    """What the moment makes of Rasa's shares; without the clue each of these would be the first guess."""

    def test_a_question_that_only_sounds_like_one(self) -> None:
        postponed = MoveContext(question="breath", expect="free_text", phase="postpone")
        assert kind(parse("哪天都行", ("faq", 0.4), ("not_now", 0.3)), postponed) is MoveKind.NOT_NOW

    def test_waiting_for_somebody_is_no_short_wait(self) -> None:
        assert kind(parse("等我儿子回来", ("wait", 0.6), ("not_now", 0.3)), YES_NO) is MoveKind.NOT_NOW
        assert kind(parse("等我戴上眼镜", ("wait", 0.6), ("not_now", 0.3)), YES_NO) is MoveKind.WAIT

    def test_a_number_without_a_word_of_taking_back_is_no_correction(self) -> None:
        context = MoveContext(question="pressure", expect="number", phase="questions", has_measurement=True)
        assert kind(parse("表上是一百三十六八十二", ("correct", 0.5), ("answer", 0.3)), context) is MoveKind.ANSWER
        assert kind(parse("不对是一百三十六", ("correct", 0.5), ("answer", 0.3)), context) is MoveKind.CORRECT

    def test_faint_noes_add_up(self) -> None:
        words = parse("行了吧", ("refuse", 0.32), ("opt_out", 0.2), ("answer", 0.1))
        assert kind(words, YES_NO) is MoveKind.REFUSE
        assert kind(parse("行了吧", ("refuse", 0.32), ("answer", 0.1)), YES_NO) is MoveKind.ANSWER

    def test_death_is_not_confirmed_by_words_that_only_may_be_a_yes(self) -> None:
        sure = MoveContext(expect="yes_no", phase="sure", question="breath")
        assert kind(parse("活得好好的呢", ("affirm", 0.7)), sure) is MoveKind.DENY

    def test_his_own_name_is_a_yes(self) -> None:
        who = MoveContext(expect="identity", phase="identity")
        assert kind(parse("我是周玉兰", ("wrong_person", 0.45), ("affirm", 0.2)), who) is MoveKind.AFFIRM
        assert kind(parse("我是她女儿", ("caregiver", 0.5), ("affirm", 0.3)), who) is MoveKind.CAREGIVER

    def test_how_somebody_else_speaks_is_no_wish_for_a_louder_voice(self) -> None:
        told = ("俺娘说话含糊听不清", ("louder", 0.7), ("answer", 0.15))
        assert kind(parse(*told), YES_NO) is MoveKind.ANSWER
        assert kind(parse("听不清你说话", ("louder", 0.7), ("answer", 0.15)), YES_NO) is MoveKind.LOUDER

    def test_contact_is_stopped_only_by_words_of_calling_or_of_not(self) -> None:
        assert kind(parse("退了又起来了", ("opt_out", 0.5), ("answer", 0.4)), YES_NO) is MoveKind.ANSWER
        assert kind(parse("退订", ("opt_out", 0.5), ("answer", 0.4)), YES_NO) is MoveKind.OPT_OUT

    def test_what_for_asks_and_does_not_refuse(self) -> None:
        proof = MoveContext(expect="identity", phase="identity")
        assert kind(parse("你要这个干嘛用", ("refuse", 0.5), ("faq", 0.2)), proof) is MoveKind.ASK

    def test_a_wish_about_doctors_is_no_call_for_one(self) -> None:
        better = MoveContext(question="better", expect="free_text", phase="questions")
        assert kind(parse("希望大夫多讲两句", ("want_human", 0.6), ("answer", 0.1)), better) is not MoveKind.WANT_HUMAN

    def test_where_the_patient_is_does_not_postpone(self) -> None:
        who = MoveContext(expect="identity", phase="identity")
        assert kind(parse("她在后院呢", ("not_now", 0.5), ("caregiver", 0.4)), who) is MoveKind.DENY

    def test_two_values_said_mixed_up_are_taken_back(self) -> None:
        context = MoveContext(question="pressure", expect="number", phase="questions")
        assert kind(parse("我把低压说成高压了", ("correct", 0.4), ("answer", 0.2)), context) is MoveKind.CORRECT


class TestSure:
    SURE = MoveContext(expect="yes_no", phase="sure", question="breath")

    def test_an_impatient_yes(self) -> None:
        assert kind(parse("说了多少遍了是", ("correct", 0.8)), replace(self.SURE, polarity="yes")) is MoveKind.AFFIRM
        assert kind(parse("不是那个意思", ("correct", 0.8)), replace(self.SURE, polarity="no")) is MoveKind.DENY

    def test_indignation_is_a_no(self) -> None:
        assert kind(parse("呸呸呸你咒谁呢", ("nonsense", 0.4)), self.SURE) is MoveKind.DENY


def test_cantonese_that_denies_is_a_no() -> None:
    assert kind(parse("冇啊好好地", ("foreign", 0.8)), replace(YES_NO, polarity="no")) is MoveKind.DENY
    assert kind(parse("no speak chinese", ("foreign", 0.8)), replace(YES_NO, polarity="no")) is MoveKind.FOREIGN


def test_a_number_put_right_is_not_taken_for_the_questions_own_verb() -> None:
    read_back = MoveContext(
        question="pressure", expect="yes_no", phase="read_back", has_measurement=True, sentence="您说的是九十，对吗？"
    )
    assert kind(parse("是九十六不是九十", ("correct", 0.8)), read_back) is MoveKind.CORRECT
