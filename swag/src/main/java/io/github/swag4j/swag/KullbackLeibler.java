package io.github.swag4j.swag;

import java.util.List;

/**
 * KL divergence of two Gaussians S = scale (V + U U^T) of one layout.
 *
 * <p>With A = V_q^-1/2 U_q, M = I + A^T A, P = V_q^-1/2 U_p, C = A^T P, B = U_q^T V_q^-1 V_p V_q^-1
 * U_q, d = m_q - m_p and e = V_q^-1/2 d:
 *
 * <pre>
 *   2 KL = sum_i (t_i - 1 - log t_i)                                   t_i = s_p v_p,i / (s_q v_q,i)
 *        + (s_p / s_q) (|P|^2 - tr(M^-1 B) - tr(M^-1 C C^T))
 *        + (|e|^2 - (A^T e)^T M^-1 A^T e) / s_q
 *        + log det M_q - log det M_p
 * </pre>
 *
 * The terms of the first sum are never negative: where the diagonals are close nothing cancels.
 *
 * <p>Block-wise posteriors: M has a block for each tensor, and C C^T is the sum of those of the
 * tensors, for tensors of p are independent, or those of q do not see what p has between them. So
 * sums are taken for each tensor as soon as one of both is block-wise.
 */
final class KullbackLeibler {

  private KullbackLeibler() {}

  static double divergence(LowRankGaussian p, LowRankGaussian q) {
    boolean pieces = p.systems().size() > q.systems().size();
    double twice = q.logDeterminantOfSystems() - p.logDeterminantOfSystems();
    for (WoodburySystem system : q.systems()) {
      twice +=
          pieces
              ? ofSystem(p, q, system, p.systems().stream().map(WoodburySystem::tensors).toList())
              : ofSystem(p, q, system, List.of(system.tensors()));
    }
    return Math.max(0, twice / 2);
  }

  /** Twice the part of one system of q, but for log determinants of systems. */
  private static double ofSystem(
      LowRankGaussian p, LowRankGaussian q, WoodburySystem system, List<int[]> pieces) {
    double sp = p.posterior().scale();
    double sq = q.posterior().scale();
    int e = q.rank();
    double[][] b = new double[q.rank()][q.rank()];
    double[] ae = new double[q.rank()];
    double diagonal = 0;
    double norm = 0;
    double ee = 0;
    for (int[] piece : pieces) {
      GramMatrix all = new GramMatrix(q.rank() + 1 + p.rank());
      GramMatrix traces = new GramMatrix(q.rank());
      for (Sums segment : Segments.run(p.layout(), piece, () -> new Sums(p, q))) {
        all.add(segment.all);
        traces.add(segment.traces);
        diagonal += segment.diagonal;
      }
      for (int k = 0; k < p.rank(); k++) {
        norm += all.get(e + 1 + k, e + 1 + k);
      }
      ee += all.get(e, e);
      double[][] c = all.block(0, q.rank(), e + 1, p.rank());
      for (int j = 0; j < q.rank(); j++) {
        ae[j] += all.get(j, e);
        for (int l = 0; l < q.rank(); l++) {
          b[j][l] += traces.get(j, l);
          for (int k = 0; k < p.rank(); k++) {
            b[j][l] += c[j][k] * c[l][k];
          }
        }
      }
    }
    return diagonal + sp / sq * (norm - system.traceOfSolved(b)) + (ee - system.quadratic(ae)) / sq;
  }

  /** Columns A, e, P and, apart, V_p^1/2 V_q^-1 U_q. */
  private static final class Sums implements Segments.Pass {
    private final LowRankGaussian p;
    private final LowRankGaussian q;
    private final PosteriorChunk chunkP;
    private final PosteriorChunk chunkQ;
    private final GramMatrix all;
    private final GramMatrix traces;
    private final double[] vp = new double[Segments.CHUNK];
    private final double[] roots = new double[Segments.CHUNK];
    private final double[] means = new double[Segments.CHUNK];
    private final double ratio;
    private double diagonal;

    /**
     * t - 1 - log t: near 1 by log1p, which does not cancel; far below it by log, which keeps t.
     */
    private static double excess(double t) {
      return t < 0.5 ? t - 1 - Math.log(t) : t - 1 - Math.log1p(t - 1);
    }

    Sums(LowRankGaussian p, LowRankGaussian q) {
      this.p = p;
      this.q = q;
      this.chunkP = new PosteriorChunk(p.posterior());
      this.chunkQ = new PosteriorChunk(q.posterior());
      this.all = new GramMatrix(q.rank() + 1 + p.rank());
      this.traces = new GramMatrix(q.rank());
      this.ratio = p.posterior().scale() / q.posterior().scale();
    }

    @Override
    public void add(int tensor, int from, int length) {
      chunkP.at(tensor, from, length);
      chunkQ.at(tensor, from, length);
      chunkP.variances(vp);
      chunkQ.variances(roots);
      for (int i = 0; i < length; i++) {
        diagonal += excess(ratio * vp[i] / roots[i]);
      }
      LowRankGaussian.inverseRoots(roots, length);
      for (int k = 0; k < q.rank(); k++) {
        chunkQ.column(k, roots, all.column(k));
      }
      double[] e = all.column(q.rank());
      chunkQ.means(e);
      chunkP.means(means);
      for (int i = 0; i < length; i++) {
        e[i] = (e[i] - means[i]) * roots[i];
      }
      for (int k = 0; k < p.rank(); k++) {
        chunkP.column(k, roots, all.column(q.rank() + 1 + k));
      }
      all.add(length);
      for (int k = 0; k < q.rank(); k++) {
        double[] from2 = all.column(k);
        double[] to = traces.column(k);
        for (int i = 0; i < length; i++) {
          to[i] = from2[i] * Math.sqrt(vp[i]) * roots[i];
        }
      }
      traces.add(length);
    }
  }
}
