// dev.convoy.cpu.internal.DirectBuffer, by hand: JavaCPP's own Pointer.asBuffer() goes on with the buffer that the JVM
// could not make, where the stack or the heap is used up, and takes the JVM down.
#include <jni.h>

extern "C" JNIEXPORT jobject JNICALL Java_dev_convoy_cpu_internal_DirectBuffer_bytes(JNIEnv* env, jclass, jlong address,
                                                                                     jlong count) {
  return env->NewDirectByteBuffer(reinterpret_cast<void*>(address), count);
}
