#include "CVNCClient.h"
