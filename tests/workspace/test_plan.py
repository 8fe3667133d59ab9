"""The plan's one promise: only what we delivered ourselves is ever replaced."""

from hypothesis import given
from hypothesis import strategies as st

from dlcourse_utils.workspace.identity import digest
from dlcourse_utils.workspace.plan import What, name_beside, plan

contents = st.sampled_from([b"release 1", b"release 2", b"release 3", b"mine", b"mine too", b""])
paths = st.sampled_from(["welcome.ipynb", "02/02.ipynb", "solutions/02.py"])
digests = contents.map(digest)


def decide(new=b"release 2", mine=None, delivered=(), known=None):
    present = {} if mine is None else {"f": mine}
    (step,) = plan({"f": new}, present, {digest(d) for d in delivered}, {"f": digest(known)} if known else {})
    return step.what


def test_each_situation_has_its_step():
    assert decide(mine=None) is What.CREATE
    assert decide(mine=b"release 1", delivered=[b"release 1"]) is What.UPDATE
    assert decide(mine=b"release 2", delivered=[b"release 1"]) is What.KEEP
    assert decide(mine=b"mine", delivered=[b"release 1"], known=b"release 1") is What.OFFER
    assert decide(mine=b"mine", delivered=[b"release 1", b"release 2"], known=b"release 2") is What.KEEP
    assert decide(mine=b"mine") is What.OFFER


@given(
    st.dictionaries(paths, contents),
    st.dictionaries(paths, contents),
    st.sets(digests),
    st.dictionaries(paths, digests),
)
def test_only_what_was_delivered_is_ever_replaced(release, mine, delivered, known):
    steps = {step.path: step.what for step in plan(release, mine, delivered, known)}
    assert set(steps) == set(release)
    for path, what in steps.items():
        if what is What.UPDATE:
            assert digest(mine[path]) in delivered
        if what is What.CREATE:
            assert path not in mine


@given(st.sets(st.sampled_from(["a/b.new.ipynb", "a/b.new-2.ipynb", "a/b.new-3.ipynb"])))
def test_a_name_beside_is_never_taken(taken):
    name = name_beside("a/b.ipynb", taken)
    assert name not in taken
    assert name.startswith("a/b.new")
    assert name.endswith(".ipynb")


def test_names_beside_files_without_a_suffix_and_in_dotted_folders():
    assert name_beside("LICENSE", ()) == "LICENSE.new"
    assert name_beside("a.b/c.py", ()) == "a.b/c.new.py"
