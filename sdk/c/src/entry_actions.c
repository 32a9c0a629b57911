/* From the contract's export to the author's function. */
#include <autocontent.h>

bool exports_autocontent_provider_actions_act(ac_press *press, ac_page *page, ac_failure *failure) {
    ac_answer answer = act(press);
    *page = answer.page;
    *failure = answer.failure;
    return answer.found;
}
