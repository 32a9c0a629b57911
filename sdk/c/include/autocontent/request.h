/* What is asked, by whom, and what they may see. The contract (wit/provider.wit) says what each field means.
 *
 * `request->command` is the full name of the command, "news" or "news top"; where there are several, begin with
 * ac_equals(request->command, "news top").
 */
#pragma once

#include <autocontent/text.h>

/* `command`, `arguments`, `trigger`, `audience`, `limit` (how many items the host can use) and `cursor` (the page's
 * `next` of an earlier answer). */
typedef autocontent_provider_requests_request_t ac_request;

/* `command`, `name` (of the option), `typed`, `arguments` and `audience`. */
typedef autocontent_provider_requests_partial_t ac_partial;

/* `action`, `item` (both are ids), `state` and `request`. */
typedef exports_autocontent_provider_actions_press_t ac_press;

/* `user` and `scope` (pseudonyms), `place`, `locale` (such as "pt-BR") and `sensitive_allowed`. */
typedef autocontent_provider_requests_audience_t ac_audience;

/* The options that the member filled in. */
typedef autocontent_provider_requests_list_argument_t ac_arguments;

/* A value of one of the kinds below. */
typedef autocontent_provider_requests_value_t ac_value;

enum {
    AC_VALUE_TEXT = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_TEXT,
    AC_VALUE_INTEGER = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_INTEGER,
    AC_VALUE_NUMBER = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_NUMBER,
    AC_VALUE_BOOLEAN = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_BOOLEAN,
    AC_VALUE_USER = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_USER,
    AC_VALUE_CHANNEL = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_CHANNEL,
    AC_VALUE_ROLE = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_ROLE,
    AC_VALUE_ATTACHMENT = AUTOCONTENT_PROVIDER_REQUESTS_VALUE_ATTACHMENT,
};

/* `request->trigger.tag` */
enum {
    AC_TRIGGER_COMMAND = AUTOCONTENT_PROVIDER_REQUESTS_TRIGGER_COMMAND,
    /* Then `request->trigger.val.activity` says which. */
    AC_TRIGGER_ACTIVITY = AUTOCONTENT_PROVIDER_REQUESTS_TRIGGER_ACTIVITY,
    AC_TRIGGER_SCHEDULE = AUTOCONTENT_PROVIDER_REQUESTS_TRIGGER_SCHEDULE,
    AC_TRIGGER_PREVIEW = AUTOCONTENT_PROVIDER_REQUESTS_TRIGGER_PREVIEW,
};

/* `request->trigger.val.activity.tag` */
enum {
    AC_ACTIVITY_GAME = AUTOCONTENT_PROVIDER_REQUESTS_ACTIVITY_GAME,
    AC_ACTIVITY_MUSIC = AUTOCONTENT_PROVIDER_REQUESTS_ACTIVITY_MUSIC,
};

/* `audience->place` */
enum {
    AC_PLACE_GUILD = AUTOCONTENT_PROVIDER_REQUESTS_PLACE_GUILD,
    AC_PLACE_BOT_DM = AUTOCONTENT_PROVIDER_REQUESTS_PLACE_BOT_DM,
    AC_PLACE_PRIVATE_CHANNEL = AUTOCONTENT_PROVIDER_REQUESTS_PLACE_PRIVATE_CHANNEL,
};

/* The option's value, or NULL where the member left it out. */
const ac_value *ac_option(const ac_arguments *arguments, const char *name);

/* The option's value, or `otherwise` where the member left it out. Each is for options of its kind in provider.toml:
 * for one of another kind it ends the call, with a message that says so. */
ac_text ac_option_text(const ac_arguments *arguments, const char *name, ac_text otherwise);
int64_t ac_option_integer(const ac_arguments *arguments, const char *name, int64_t otherwise);
double ac_option_number(const ac_arguments *arguments, const char *name, double otherwise);
bool ac_option_boolean(const ac_arguments *arguments, const char *name, bool otherwise);

/* The id of a member, channel or role, or the URL of an attachment; else the empty text. */
ac_text ac_option_id(const ac_arguments *arguments, const char *name);

/* Whether the member's language is `language`: "pt" for both "pt-BR" and "pt-PT". */
bool ac_speaks(const ac_audience *audience, const char *language);
