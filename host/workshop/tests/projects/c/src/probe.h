/* What the files share. */
#pragma once

#include <autocontent.h>

/* A page with one item that says this. */
ac_answer told(ac_text text);

ac_answer whole_item(void);
ac_answer stored(void);
ac_answer fetched(ac_text path);
ac_answer posted(void);
ac_answer secret(void);
ac_answer copies(void);
ac_answer configured(void);
