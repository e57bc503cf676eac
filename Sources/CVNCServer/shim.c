#include "CVNCServer.h"
