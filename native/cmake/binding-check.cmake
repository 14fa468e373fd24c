# What JavaCPP's parser makes of convoy.h today must be the committed Native.java; with -DUPDATE=1 it becomes that.
execute_process(
  COMMAND ${JAVA} -cp ${CP} org.bytedeco.javacpp.tools.Builder -nogenerate -properties linux-x86_64
    -Dplatform.includepath=${HEADERS} -d ${OUT} dev.convoy.cpu.internal.NativeConfig
  COMMAND_ERROR_IS_FATAL ANY)
set(new ${OUT}/dev/convoy/cpu/internal/Native.java)
file(READ ${new} text)
string(REPLACE "static { Loader.load(); }" "static { NativeLoader.load(); }" text "${text}")
file(WRITE ${new} "${text}")
if(UPDATE)
  configure_file(${new} ${COMMITTED} COPYONLY)
else()
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${new} ${COMMITTED} RESULT_VARIABLE different)
  if(different)
    message(FATAL_ERROR "convoy.h and Native.java differ: build the target `binding` and commit the result")
  endif()
endif()
