"""The hardening list, entry by entry: which tests hold it, beside those of this folder that try every operation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
EVERY = "hardening/test_every_operation.py"
MATRIX = "isolation/test_matrix.py"
LIMITS = "chaos/test_tokens_and_limits.py"
CORPUS = "chaos/test_hostile_corpus.py::each_is_refused_for_its_reason"
# By the number of the entry: file::test, without the `test_` of the latter.
HELD_BY: dict[int, tuple[str, ...]] = {
    1: (f"{EVERY}::headers_and_methods", f"{MATRIX}::without_a_good_credential_nobody_is_told_anything"),
    2: (
        "api/code/test_tokens.py::without_credentials_only_in_development",
        "api/code/test_tokens.py::never_above_ones_own_role",
    ),
    3: ("api/code/test_tokens.py::forgeries", "api/code/test_tokens.py::the_role_is_the_present_one"),
    4: (f"{MATRIX}::things_of_another_tenant_are_nowhere", "isolation/test_streams.py::streams"),
    5: ("api/fleet/test_taxonomy.py::users_adapt_and_read_their_own_alone", f"{MATRIX}::own_things_by_role"),
    6: (f"{EVERY}::fields", "api/agent/test_write.py::everything_a_body_may_say"),
    7: ("api/agent/test_write.py::a_parent_must_be_within_reach",),
    8: ("api/agent/test_write.py::a_marketplace_source_is_a_word_and_no_installation",),
    9: (f"{MATRIX}::own_things_by_role", "api/code/test_roles.py::the_matrix"),
    10: (f"{MATRIX}::shared_things_are_read_and_not_changed",),
    11: ("api/agent/test_marketplace.py::install_refusals_in_their_order", "chaos/test_install_race.py::"),
    12: (f"{MATRIX}::every_text_of_tenant_99_has_the_canary", f"{MATRIX}::the_marketplace_shows_what_is_published"),
    13: ("skills/test_search.py::the_index_path_loses_nothing_to_the_filter",),
    14: ("admin/test_scope.py::staff_never_see_another_tenants_rows_in_lists",),
    15: (
        f"{LIMITS}::the_eleventh_attempt_waits_even_with_the_right_password",
        f"{LIMITS}::the_header_that_anybody_can_write_is_not_an_address",
        "api/code/test_tokens.py::unknown_and_inactive_people_cost_as_much_hashing_as_known_ones",
    ),
    16: (f"{EVERY}::fields", f"{EVERY}::queries", f"{EVERY}::names_in_paths"),
    17: (f"{EVERY}::names_in_paths", "api/agent/test_write.py::unknown_ids_are_404"),
    18: (f"{EVERY}::fields", "api/agent/test_write.py::slugs"),
    19: ("api/agent/test_write.py::what_happens_when_slugs_meet", "api/agent/test_races.py::names_of_one_slug"),
    20: (f"{EVERY}::queries",),
    21: (
        "api/code/test_versions.py::wrong_fields_are_named",
        "api/code/test_versions.py::any_history_leaves_the_highest_version_current",
    ),
    22: ("jobs/test_services.py::a_description_of_the_wrong_size_is_refused",),
    23: (f"{EVERY}::bodies", "hardening/test_answers.py::what_django_never_sees"),
    24: (f"{EVERY}::bodies",),
    25: (f"{EVERY}::fields", "api/agent/test_write.py::wrong_values"),
    26: (
        "skills/test_search.py::what_is_no_query_is_refused",
        "skills/test_search.py::long_and_odd_queries_are_answered",
    ),
    27: ("api/agent/test_races.py::uses_of_one_skill",),
    28: ("api/agent/test_write.py::unsafe_paths", "skills/test_validation.py::paths_that_are_refused_by_name"),
    29: (
        "skills/test_validation.py::paths_that_clash_on_some_file_system",
        "api/agent/test_write.py::a_path_given_twice",
    ),
    30: ("api/agent/test_write.py::wrong_values",),
    31: (f"{EVERY}::names_in_paths",),
    32: ("chaos/test_hostile_corpus.py::nothing_is_written",),
    33: (CORPUS, "skills/test_archives.py::a_member_that_claims_to_be_endless"),
    34: (CORPUS,),
    35: (CORPUS, "chaos/test_hostile_corpus.py::none_takes_long"),
    36: (CORPUS, "skills/test_document.py::any_text_comes_back_exactly"),
    37: ("api/fleet/test_taxonomy.py::xml_as_the_user_adapted_it",),
    38: (f"{EVERY}::fields", "admin/test_safety.py::hostile_text_stays_text_on_every_page"),
    39: ("admin/test_safety.py::markdown_runs_and_fetches_nothing", CORPUS),
    40: (
        "catalogue/test_pages.py::files_are_downloads_and_never_pages",
        "hardening/test_answers.py::pages_operations_and_what_is_nowhere",
    ),
    42: ("admin/test_audit.py::no_cell_is_run_as_a_formula",),
    43: ("api/fleet/test_jobs.py::answers_that_fit_nothing_leave_the_prompt_open",),
    44: (
        "chaos/test_approver_race.py::one_of_two_people_decides",
        "jobs/test_services.py::of_six_answers_at_once_exactly_one_counts",
    ),
    45: ("chaos/test_hitl_timeout_cancel.py::who_is_late_is_told_so", "api/fleet/test_jobs.py::jobs_of_others_are_404"),
    46: (
        "jobs/test_services.py::promotion_is_refused_in_the_documented_order",
        "jobs/test_services.py::promoting_again_changes_nothing",
    ),
    47: (f"{MATRIX}::shared_things_are_read_and_not_changed",),
    48: (
        "taxonomy/test_services.py::two_moves_at_once_make_no_circle",
        "taxonomy/test_services.py::the_tree_is_at_most_eight_deep",
    ),
    49: (
        "api/fleet/test_conversations.py::messages_that_say_nothing_or_too_much",
        "api/fleet/test_conversations.py::messages_at_once_are_answered_one_after_the_other",
    ),
    50: (
        "api/fleet/streams/test_limits.py::a_bad_cursor",
        "api/fleet/streams/test_limits.py::a_revoked_key_ends_the_stream",
    ),
}
# Nothing in Guildhall fetches a `source_url`, and every page shows it as the text it is.
NOTHING_TO_HOLD = {41}


def test_every_entry_is_held() -> None:
    assert set(HELD_BY) | NOTHING_TO_HOLD == set(range(1, 51))


@pytest.mark.parametrize("number", HELD_BY)
def test_by_tests_that_are_there(number: int) -> None:
    for test in HELD_BY[number]:
        file, _, name = test.partition("::")
        assert re.search(rf"def test_{name}", (TESTS / file).read_text()), test
