package config

// unseenBySchema are the files of testdata/config/bad whose fault a JSON Schema cannot see, by the reason why.
func unseenBySchema() map[string]string {
	return map[string]string{
		"the fault is in the value of a variable, which an editor does not know": `
			body_empty_variable body_unredacted_empty_variables
			canvas_ids_boolean_variable canvas_ids_fraction_variable canvas_ids_token_by_mistake
			canvas_subjects_empty_variables canvas_token_empty_variable canvas_empty_variables canvas_logins_path_empty_variable
			collection_interval_empty_variable max_collection_interval_empty_variable
			credentials_empty_variables token_empty_variable endpoint_empty_variable empty_variables empty_variables_of_auth0
			discover_empty_variables discover_unset_interval discover_unset_last_login discover_unset_query
			kobil_credentials_empty_variables kobil_empty_variables kobil_product_empty_variable kobil_tenant_empty_variable
			kobil_token_empty_variable kobil_token_url_empty_variable kobil_users_empty_variables
			privacy_attribute_null privacy_key_empty_variable
			k8s_leader_elector_empty_variable shard_empty_variables
			tenant_types_empty_variables tenant_users_empty_text tenant_users_empty_variable
			users_empty_variables users_number_variable`,
		"a duration, or a size with a unit, is compared with another": `
			discover_last_login_short max_collection_interval_short max_collection_interval_short_of_own
			size_huge size_large size_small`,
		"the values of several keys do not suit each other": `
			kobil_path_tenant_without_id shard_index_alone shard_index_of_count
			privacy_drop_and_original_body privacy_dropped_and_hashed privacy_hash_and_map_body
			privacy_truncate_ip_and_original_body`,
		"a text is well formed in another language than that of patterns": `
			discover_backslash discover_parentheses discover_quotation_mark endpoint_port proxy_url_malformed
			canvas_proxy_url_malformed
			kobil_path_dots kobil_path_empty_segment kobil_path_encoded_dots kobil_path_not_encoded kobil_path_percent`,
		"an editor takes a date for text, and JSON a number with an exponent for the same without": `
			canvas_ids_exponent kobil_users_date`,
		"the keys of an operator are those of its type, which stanza looks at": `
			operators_dead_routes operators_expressions operators_fields operators_filter_ignores operators_ids_twice
			operators_in_circles operators_keys_missing operators_names operators_output_nowhere operators_patterns
			operators_severities operators_unknown_keys operators_wrong_kinds`,
	}
}
