package auth0

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// families are the codes of each category that people search and alert for, each with its outcome and severity: typed in
// from Auth0's list of log event type codes and its log stream filters, not taken from the table.
func families() map[string]string {
	return map[string]string{
		"login": `
			s success INFO        f failure WARN     fu failure WARN    fp failure WARN    fc failure WARN
			fco failure WARN      w unknown WARN     cs unknown INFO    cls unknown INFO   scv success INFO
			scoa success INFO     fcoa failure WARN  ssa success INFO   fsa failure WARN   sens success INFO
			fens failure WARN     fdeac failure WARN fdeaz failure WARN fdecc failure WARN fpar failure WARN
			sdel success INFO     passkey_challenge_started unknown INFO  passkey_challenge_failed failure WARN
			ciba_start_succeeded success INFO  ciba_start_failed failure WARN`,
		"logout": `
			slo success INFO      flo failure WARN
			oidc_backchannel_logout_succeeded success INFO  oidc_backchannel_logout_failed failure WARN
			universal_logout_succeeded success INFO         universal_logout_failed failure WARN
			federated_logout_failed failure WARN`,
		"signup": `
			ss success INFO       fs failure WARN`,
		"mfa": `
			mfar unknown INFO           gd_start_auth unknown INFO       gd_auth_succeed success INFO
			gd_auth_failed failure WARN gd_auth_rejected failure WARN    gd_start_enroll unknown INFO
			gd_enrollment_complete success INFO  gd_unenroll success INFO  gd_update_device_account success INFO
			gd_recovery_succeed success INFO     gd_recovery_failed failure WARN
			gd_send_sms success INFO  gd_send_sms_failure failure WARN  gd_send_pn success INFO  gd_send_pn_failure failure WARN
			gd_tenant_update success INFO        gd_webauthn_challenge_failed failure WARN
			gd_otp_rate_limit_exceed unknown ERROR  gd_recovery_rate_limit_exceed unknown ERROR
			too_many_records unknown WARN`,
		"token": `
			seacft success INFO   feacft failure WARN  seccft success INFO  feccft failure WARN  sepft success INFO
			fepft failure WARN    sertft success INFO  fertft failure WARN  ferrt failure WARN   sede success INFO
			fede failure WARN     sd success INFO      fd failure WARN      srrt success INFO    seta success INFO
			feta failure WARN     seoobft success INFO feotpft failure WARN sercft success INFO  fepotpft failure WARN
			success_on_behalf_of_token_exchange success INFO  failed_on_behalf_of_token_exchange failure WARN
			token_quota_consumption_warning unknown WARN`,
		"account": `
			scp success INFO      fcp failure WARN     scpr success INFO    fcpr failure WARN    sce success INFO
			fce failure WARN      scpn success INFO    fcpn failure WARN    scu success INFO     fcu failure WARN
			sv success INFO       fv failure WARN      svr success INFO     fvr failure WARN     si success INFO
			fi failure WARN
			my_account_authentication_method_succeeded success INFO  my_account_authentication_method_failed failure WARN
			connected_accounts_connection_succeeded success INFO     connected_accounts_delete_failed failure WARN`,
		"admin": `
			sapi success INFO     fapi failure WARN    mgmt_api_read success INFO  sdu success INFO   fdu failure WARN
			du unknown INFO       sui success INFO     fui failure WARN    sscim success INFO     fscim failure WARN
			wum unknown WARN      organization_member_added success INFO   directory_sync_started unknown INFO
			directory_sync_completed success INFO  directory_sync_failed failure WARN
			ss_sso_success success INFO  ss_sso_failure failure WARN  ss_sso_info unknown INFO
			kms_key_management_success success INFO  kms_key_management_failure failure WARN  kms_key_state_changed unknown INFO`,
		"protection": `
			limit_wc failure ERROR  limit_mu failure ERROR  limit_sul failure ERROR  limit_phone failure ERROR
			limit_ui failure ERROR  limit_delegation failure ERROR  api_limit failure ERROR  api_limit_warning unknown WARN
			pwd_leak unknown ERROR  signup_pwd_leak unknown ERROR  reset_pwd_leak unknown ERROR
			ublkdu unknown INFO     pla unknown INFO         acls_summary unknown INFO`,
		"system": `
			actions_execution_failed failure WARN  flows_execution_completed success INFO  flows_execution_failed failure WARN
			forms_submission_succeeded success INFO  scph success INFO  fcph failure WARN  fpurh failure WARN
			con unknown INFO      coff failure WARN  fcpro failure WARN  fn failure WARN  wn unknown WARN  depnote unknown WARN
			custom_domain_verification_failed failure WARN  resource_cleanup success INFO  sys_update_start unknown INFO
			appi unknown INFO     admin_update_launch unknown INFO`,
	}
}

func TestCodesOfEveryFamilyMeanWhatTheirVendorSays(t *testing.T) {
	t.Parallel()
	codes := testCodes(t)
	for category, rows := range families() {
		t.Run(category, func(t *testing.T) {
			t.Parallel()
			fields := strings.Fields(rows)
			require.Zero(t, len(fields)%3, "a code, an outcome and a severity")
			for ; len(fields) > 0; fields = fields[3:] {
				row, want := codes.Lookup(fields[0]), []string{category, fields[1], fields[2]}
				assert.Equal(t, want, []string{row.Category, row.Outcome, row.SeverityText}, fields[0])
			}
		})
	}
}

// A row that is changed without a thought changes one of these, whatever its code.
func TestHowManyCodesMeanWhat(t *testing.T) {
	t.Parallel()
	got := map[string]int{}
	for _, row := range testCodes(t).All() {
		got[fmt.Sprint(row.Category, " ", row.Outcome, " ", row.SeverityText)]++
	}
	assert.Equal(t, map[string]int{
		"login success INFO": 8, "login failure WARN": 16, "login unknown INFO": 3, "login unknown WARN": 1,
		"logout success INFO": 3, "logout failure WARN": 4,
		"signup success INFO": 1, "signup failure WARN": 1,
		"mfa success INFO": 12, "mfa failure WARN": 11, "mfa unknown INFO": 5, "mfa unknown WARN": 1, "mfa unknown ERROR": 2,
		"token success INFO": 19, "token failure WARN": 18, "token unknown WARN": 1,
		"account success INFO": 11, "account failure WARN": 11,
		"admin success INFO": 9, "admin failure WARN": 7, "admin unknown INFO": 4, "admin unknown WARN": 1,
		"protection failure ERROR": 7, "protection unknown ERROR": 3, "protection unknown WARN": 1, "protection unknown INFO": 3,
		"system success INFO": 4, "system failure WARN": 9, "system unknown INFO": 8, "system unknown WARN": 2,
	}, got)
}

// What succeeds or fails is the same thing: sce and fce, flows_execution_completed and flows_execution_failed.
func TestASuccessAndItsFailureAreOfOneCategory(t *testing.T) {
	t.Parallel()
	rows := testCodes(t).All()
	pairs := 0
	for code, row := range rows {
		for _, twin := range twins(code) {
			failed, ok := rows[twin]
			if !ok {
				continue
			}
			pairs++
			assert.Equal(t, row.Category, failed.Category, "%s, %s", code, twin)
			assert.Equal(t, []string{"success", "failure"}, []string{row.Outcome, failed.Outcome}, "%s, %s", code, twin)
		}
	}
	assert.Equal(t, 47, pairs)
}

// twins are the codes that a failure of what a code tells the success of may have.
func twins(code string) (failures []string) {
	if rest, ok := strings.CutPrefix(code, "s"); ok {
		failures = append(failures, "f"+rest)
	}
	for success, failure := range map[string]string{
		"_succeeded": "_failed", "_succeed": "_failed", "_completed": "_failed", "_success": "_failure",
	} {
		if rest, ok := strings.CutSuffix(code, success); ok {
			failures = append(failures, rest+failure)
		}
	}
	return failures
}
