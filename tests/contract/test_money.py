"""The ledger, licences, royalties and wallets once more, on PostgreSQL: of the tests that run on SQLite those that use each statement."""

from tests.contract.test_features import on_postgres
from tests.unit.features.ledger.test_service import (
    test_LED1_the_database_itself_takes_no_leg_without_the_other_and_no_amount_below_one,
    test_LED7_a_reversal_is_a_counter_entry_and_happens_once,
    test_LED8_an_accounts_legs_come_newest_first_in_pages_with_the_balance_after_each,
    test_LED11_the_check_goes_through_a_long_account_in_slices,
    test_LED12_random_operations_add_up_and_grant_nothing_twice,
    test_LED12_the_database_refuses_a_second_grant_even_where_the_code_forgets_to_look,
)
from tests.unit.features.licences.test_service import (
    test_LIC5_every_step_is_kept_with_who_signed_it_why_and_on_which_terms,
    test_LIC8_what_another_process_has_signed_is_taken_up_and_told,
)
from tests.unit.features.royalties.test_service import (
    test_ROY10_a_dispute_is_settled_by_a_counter_entry_of_the_month_in_which_it_is_made,
    test_ROY14_months_of_random_play_add_up_to_the_cent,
)
from tests.unit.features.wallets.test_service import (
    test_WAL4_several_at_once_change_all_or_none,
    test_WAL5_the_same_update_under_one_key_is_one_and_another_is_refused,
    test_WAL6_any_name_gets_a_code_of_its_own_in_every_title,
    test_WAL8_entries_come_newest_first_in_pages,
    test_WAL11_who_comes_back_before_the_fact_arrives_keeps_what_they_get_then,
    test_WAL12_random_updates_of_many_at_once_add_up_and_grant_nothing_twice,
)

__all__ = [
    "on_postgres",
    "test_LED1_the_database_itself_takes_no_leg_without_the_other_and_no_amount_below_one",
    "test_LED7_a_reversal_is_a_counter_entry_and_happens_once",
    "test_LED8_an_accounts_legs_come_newest_first_in_pages_with_the_balance_after_each",
    "test_LED11_the_check_goes_through_a_long_account_in_slices",
    "test_LED12_random_operations_add_up_and_grant_nothing_twice",
    "test_LED12_the_database_refuses_a_second_grant_even_where_the_code_forgets_to_look",
    "test_LIC5_every_step_is_kept_with_who_signed_it_why_and_on_which_terms",
    "test_LIC8_what_another_process_has_signed_is_taken_up_and_told",
    "test_ROY10_a_dispute_is_settled_by_a_counter_entry_of_the_month_in_which_it_is_made",
    "test_ROY14_months_of_random_play_add_up_to_the_cent",
    "test_WAL4_several_at_once_change_all_or_none",
    "test_WAL5_the_same_update_under_one_key_is_one_and_another_is_refused",
    "test_WAL6_any_name_gets_a_code_of_its_own_in_every_title",
    "test_WAL8_entries_come_newest_first_in_pages",
    "test_WAL11_who_comes_back_before_the_fact_arrives_keeps_what_they_get_then",
    "test_WAL12_random_updates_of_many_at_once_add_up_and_grant_nothing_twice",
]
