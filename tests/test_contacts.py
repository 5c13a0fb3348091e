"""`data/contacts.yaml`: optional, validated like the plan, and never part of it."""

from pathlib import Path

import pytest
import yaml

from small_plan import write_plan
from xiangning_zyz.intake.contacts import contact_faults, read_contacts
from xiangning_zyz.intake.plan.fault import PlanError
from xiangning_zyz.intake.plan.load import load_plan
from xiangning_zyz.supervision.contact import Contact

EXAMPLE = Path(__file__).parent.parent / "data" / "contacts.example.yaml"


def with_contacts(folder, text):
    data = write_plan(folder)
    (data / "contacts.yaml").write_text(text, encoding="utf-8")
    return data


def test_contacts_answer_to_any_name_of_their_department(tmp_path):
    data = with_contacts(tmp_path, 'contacts: [{department: 工信局, name: 张三, phone: "0357-0000000", post: 主任}]\n')

    assert read_contacts(data, load_plan(data)) == (Contact("县工信局", "张三", "0357-0000000", "主任"),)


def test_there_need_be_no_contacts(tmp_path):
    data = write_plan(tmp_path)

    assert read_contacts(data, load_plan(data)) == ()
    assert contact_faults(data) == ()


def test_contacts_are_no_part_of_the_plan_and_its_hash(tmp_path):
    before = load_plan(write_plan(tmp_path)).hash

    assert load_plan(with_contacts(tmp_path, "contacts: []\n")).hash == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("contacts: [{department: 县工信居, name: 张三, phone: '1'}]\n", "P201"),
        ("contacts: [{department: 县工信局, name: 张三}]\n", "P102"),
        ("contacts: [{department: 县工信局, name: 张三, phone: '1', mobile: '2'}]\n", "P101"),
        (
            "contacts: [{department: 县工信局, name: 张三, phone: 03570000000}]\n",
            "P015",
        ),  # would lose its zero elsewhere
        ("contacts: [\n", "P006"),
    ],
)
def test_faults_are_told_by_file_and_line(tmp_path, text, code):
    data = with_contacts(tmp_path, text)

    with pytest.raises(PlanError) as caught:
        read_contacts(data, load_plan(data))

    assert [(Path(fault.file).name, fault.code) for fault in caught.value.faults] == [("contacts.yaml", code)]
    assert [fault.code for fault in contact_faults(data)] == [code]


def test_the_example_holds_nobody_until_it_is_filled_in():
    if not EXAMPLE.is_file():
        pytest.skip("the example is not part of this copy")

    assert yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")) == {"contacts": None}
