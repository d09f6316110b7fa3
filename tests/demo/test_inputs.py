import pytest
from PIL import Image

from offchain.annotations import check_items
from offchain.exceptions import FormatError
from scripts._demo.errors import FileError
from scripts._demo.inputs import read_images, read_texts
from scripts._demo.items import Answer, Text, TextSet, assign
from scripts._demo.results import item_of

HEADER = "filename,width,height,class,xmin,ymin,xmax,ymax\n"


@pytest.fixture
def folder(tmp_path):
    Image.new("RGB", (40, 30), "white").save(tmp_path / "a.png")
    Image.new("RGB", (20, 20), "white").save(tmp_path / "b.jpg")
    return tmp_path


def boxes_of(folder, *lines):
    path = folder / "boxes.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_read_images__two_boxes__are_the_truth(folder):
    found = read_images(folder, boxes_of(folder, "a.png,40,30,cat,1,2,11,12", "a.png,40,30,dog,0,0,40,30"))
    picture = found.pictures[0]
    assert (picture.name, picture.width, picture.height) == ("a.png", 40, 30)
    assert [(mark.label, mark.box) for mark in picture.truth] == [
        ("cat", (1, 2, 11, 12)),
        ("dog", (0, 0, 40, 30)),
    ]
    assert found.labels == ("cat", "dog")
    assert found.left_out == ("b.jpg",)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a.png,40,30,cat,1,2,41,12", "leaves the picture"),
        ("a.png,40,30,cat,5,2,5,12", "is empty"),
        ("a.png,40,30,cat,-1,2,5,12", "leaves the picture"),
        ("a.png,40,30,cat,1.5,2,5,12", "xmin is '1.5'"),
        ("a.png,30,40,cat,1,2,5,12", "the size is given as 30 x 40"),
        ("a.png,40,30, ,1,2,5,12", "the class is empty"),
        ("c.png,40,30,cat,1,2,5,12", "is not in"),
        ("../a.png,40,30,cat,1,2,5,12", "is not the name of a PNG"),
        ("a.gif,40,30,cat,1,2,5,12", "is not the name of a PNG"),
        ("a.png,40,30,cat,1,2,5", "there are 7 fields"),
        ("a.png,40,30,cat,0,0,9,9", "has this box already"),
    ],
)
def test_read_images__bad_line__is_named(folder, line, problem):
    path = boxes_of(folder, "a.png,40,30,cat,0,0,9,9", line)
    with pytest.raises(FileError) as refused:
        read_images(folder, path)
    assert f"{path}, line 3: " in str(refused.value)
    assert problem in str(refused.value)


def test_read_images__damaged_picture__is_named(folder):
    (folder / "a.png").write_bytes((folder / "a.png").read_bytes()[:50])
    with pytest.raises(FormatError, match=r"a\.png"):
        read_images(folder, boxes_of(folder, "a.png,40,30,cat,0,0,9,9"))


def test_read_images__missing_column__names_the_header(folder):
    path = folder / "boxes.csv"
    path.write_text("filename,class\na.png,cat\n", encoding="utf-8")
    with pytest.raises(FileError, match="line 1: the header lacks width, height"):
        read_images(folder, path)


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_read_texts__csv_with_truth_column(tmp_path):
    texts = write(tmp_path / "t.csv", "id,text\n1,hello\n2,bye\n")
    labels = write(tmp_path / "l.csv", "question,worker,answer,truth\n1,w,in,in\n2,w,in,out\n1,v,out,in\n")
    found = read_texts(texts, labels)
    assert found.texts == (Text("1", "hello", "in"), Text("2", "bye", "out"))
    assert found.labels == ("in", "out")
    assert found.answers == (Answer("1", "w", "in"), Answer("2", "w", "in"), Answer("1", "v", "out"))


@pytest.mark.parametrize(
    ("name", "content", "first"),
    [
        ("t.txt", "hello\n\nbye\n", "1"),
        ("t.jsonl", '{"id": 1, "text": "hello"}\n{"id": "3", "text": "bye"}\n', "1"),
        ("t.csv", "id,name,price\n1,hello,\n3,bye,9\n", "1"),
    ],
)
def test_read_texts__every_format(tmp_path, name, content, first):
    labels = write(tmp_path / "l.csv", "question,worker,answer\n1,w,x\n3,w,y\n")
    found = read_texts(write(tmp_path / name, content), labels)
    assert found.texts[0].id == first
    assert "hello" in found.texts[0].text
    assert "bye" in found.texts[1].text


def test_read_texts__question_of_two_ids__shows_both(tmp_path):
    texts = write(tmp_path / "t.csv", "id,text\n1,one\n2,two\n3,three\n")
    labels = write(tmp_path / "l.csv", "question,worker,answer\n2_3_1,w,no\n3_1,w,yes\n")
    found = read_texts(texts, labels)
    # The third part is no id, even where a text is called so.
    assert found.texts[0].text == "A (2)\ntwo\n\nB (3)\nthree"
    assert found.texts[1].text == "A (3)\nthree\n\nB (1)\none"


@pytest.mark.parametrize(
    ("texts", "labels", "problem"),
    [
        (
            "id,text\n1,a\n",
            "question,worker,answer\n1,w,x\n9,w,y\n",
            "l.csv, line 3: the question '9' fits no text",
        ),
        ("id,text\n1,a\n", "question,worker,answer\n1,w,x\n1,w,y\n", "l.csv, line 3: worker 'w' answered"),
        (
            "id,text\n1,a\n",
            "question,worker,answer\n1,w,x\n1,v,\n",
            "l.csv, line 3: question, worker or answer is",
        ),
        ("id,text\n1,a\n1,b\n", "question,worker,answer\n1,w,x\n", "t.csv, line 3: the id '1' occurs twice"),
        ("id,text\n1,\n", "question,worker,answer\n1,w,x\n", "t.csv, line 2: the id or the text is empty"),
        ("id,text\n1,a\n", "question,worker,answer\n1,w,x\n1,v,x\n", "l.csv: every answer is 'x'"),
        (
            "id,text\n1,a\n",
            "question,worker,answer,truth\n1,w,x,x\n1,v,y,y\n",
            "l.csv, line 3: the truth of '1'",
        ),
        ("id,text\n", "question,worker,answer\n1,w,x\n", "t.csv: the file has a header but no rows"),
    ],
)
def test_read_texts__bad_input__names_file_and_line(tmp_path, texts, labels, problem):
    with pytest.raises(FileError) as refused:
        read_texts(write(tmp_path / "t.csv", texts), write(tmp_path / "l.csv", labels))
    assert problem in str(refused.value)


def test_read_texts__other_ending__is_refused(tmp_path):
    with pytest.raises(FileError, match=r"\.pdf is not a text format"):
        read_texts(
            write(tmp_path / "t.pdf", "x"), write(tmp_path / "l.csv", "question,worker,answer\n1,w,x\n")
        )


def test_read_texts__latin_1__names_the_line(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"id,text\n1,caf\xe9\n")
    with pytest.raises(FileError, match="line 2: this is not UTF-8"):
        read_texts(tmp_path / "t.csv", write(tmp_path / "l.csv", "question,worker,answer\n1,w,x\n"))


def test_reference__truth_before_majority_before_order():
    answers = [Answer("q", w, label) for w, label in (("u", "b"), ("v", "a"), ("w", "b"))]
    tie = [Answer("t", "u", "b"), Answer("t", "v", "a")]
    texts = (Text("q", ""), Text("t", ""), Text("k", "", "b"))
    found = TextSet(texts, ("a", "b"), (*answers, *tie, Answer("k", "u", "a")))
    assert found.reference() == {"q": "b", "t": "a", "k": "b"}


def test_assign__each_question_once__the_busiest_worker_first():
    answers = [Answer(q, w, f"{w}{q}") for w, qs in (("u", "12"), ("v", "123"), ("w", "4")) for q in qs]
    assert assign(answers) == {"v": {"1": "v1", "2": "v2", "3": "v3"}, "w": {"4": "w4"}}


def test_read_images__real_photographs(winnow_data):
    found = read_images(winnow_data / "raccoon" / "images", winnow_data / "raccoon" / "boxes.csv")
    assert len(found.pictures) == 40
    assert found.labels == ("raccoon",)
    check_items([item_of(picture) for picture in found.pictures])


def test_read_texts__real_product_questions(winnow_data):
    folder = winnow_data / "product_match"
    found = read_texts(folder / "products.csv", folder / "answer.csv", folder / "truth.csv")
    assert len(found.texts) == 8_315
    assert len({answer.worker for answer in found.answers}) == 176
    check_items([item_of(text) for text in found.texts])
    known = {text.id: text for text in found.texts}
    assert "PowerShot" in known["988_1500_0"].text
    assert known["988_1500_0"].truth == "0"
    chosen = assign(found.answers)
    assert sorted(q for answers in chosen.values() for q in answers) == sorted(known)
    assert found.reference() == {text.id: text.truth for text in found.texts}
    without = read_texts(folder / "products.csv", folder / "answer.csv").reference()
    agree = sum(without[text.id] == text.truth for text in found.texts) / len(found.texts)
    assert agree == pytest.approx(0.8966, abs=1e-4)  # the published accuracy of the majority
