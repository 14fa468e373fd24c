/** Convoy's core: networks as values, passes, plans, backends and weights. */
module dev.convoy.core {
  requires java.xml;
  requires org.bytedeco.javacpp;
  requires tools.jackson.core;
  requires static org.jspecify;

  exports dev.convoy;
  exports dev.convoy.backend;
  exports dev.convoy.cpu;
  exports dev.convoy.diagram;
  exports dev.convoy.graph;
  exports dev.convoy.nn;
  exports dev.convoy.optimize;
  exports dev.convoy.plan;
  exports dev.convoy.reference;
  exports dev.convoy.tensor;
  exports dev.convoy.weights;

  uses dev.convoy.backend.BackendProvider;

  provides dev.convoy.backend.BackendProvider with
      dev.convoy.cpu.CpuBackendProvider,
      dev.convoy.cpu.AutoBackendProvider,
      dev.convoy.reference.ReferenceBackendProvider,
      dev.convoy.reference.ReferenceBackendProvider.InDouble;
}
