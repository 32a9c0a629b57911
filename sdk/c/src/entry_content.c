/* From the contract's export to the author's function. */
#include <autocontent.h>

bool exports_autocontent_provider_content_find(ac_request *request, ac_page *page, ac_failure *failure) {
    ac_answer answer = find(request);
    *page = answer.page;
    *failure = answer.failure;
    return answer.found;
}

/* The bindings name it to pull in a description of the contract, which the tool that makes the component adds instead. */
void __component_type_object_force_link_ac(void) {}
