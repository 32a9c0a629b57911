/* From the contract's export to the author's function. */
#include <autocontent.h>

void exports_autocontent_provider_suggestions_suggest(ac_partial *partial, ac_choices *choices) {
    *choices = suggest(partial);
}
