// ModelDouble
