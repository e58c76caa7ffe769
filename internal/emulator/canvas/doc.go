// Package canvas is an installation of Canvas LMS in process: an http.Handler that answers the authentications log of
// users, accounts and logins as Canvas really answers it, oddities included. It serves the tests of the receiver and
// cmd/userlog-emulator.
//
// What is real and what is not: the compound document, paging by bookmarks, the Link header, time bounds, string ids,
// throttling and the bodies of 401 follow the source of canvas-lms, each place naming its file, and a recorded Link
// header of 2022; the documented object follows the vendor's page "Authentications Log API". Where neither settles a
// behaviour, the comment says "unverified". Not emulated: ids such as self or sis_user_id:…, sub-accounts, partial
// rights, retention, the token endpoint, OAuth scopes.
package canvas
