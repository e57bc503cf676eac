#ifndef QA_CYAML_H
#define QA_CYAML_H

// libyaml's parser and event structures import into Swift as they are: no shim is needed.
#include <yaml.h>

#endif
