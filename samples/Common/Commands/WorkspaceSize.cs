using SeqCore.Kernels;
using SeqCore.Kernels.Cells;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>What the library keeps for the backward pass of a recurrent layer, as it computes it itself.</summary>
public static class WorkspaceSize
{
    /// <summary>Elements of the workspace of one layer in one direction.</summary>
    /// <param name="kind">The layer's kind.</param>
    /// <param name="batch">B, sequences.</param>
    /// <param name="steps">T, tokens in each.</param>
    /// <param name="input">I, the width of what the layer reads.</param>
    /// <param name="hidden">H, its units.</param>
    public static double Of(RecurrentKind kind, int batch, int steps, int input, int hidden)
    {
        var shape = new RecurrentShape(batch, steps, input, hidden);
        try
        {
            return kind switch
            {
                RecurrentKind.Lstm => Backend.RecurrentWorkspace<LstmCell<SigmoidActivation, TanhActivation>>(shape),
                RecurrentKind.Gru => Backend.RecurrentWorkspace<GruCell<SigmoidActivation, TanhActivation>>(shape),
                _ => Backend.RecurrentWorkspace<RnnCell<TanhActivation>>(shape),
            };
        }
        catch (SizeLimitException tooLarge)
        {
            return tooLarge.Elements;
        }
    }

    /// <summary>
    /// Sequences in a batch of an evaluation: 64, or as many as in training where these are so large that 64 might not fit.
    /// </summary>
    /// <param name="batch">Sequences in a batch of training.</param>
    /// <param name="elements">Numbers of the largest tensor for one sequence.</param>
    public static int EvaluationBatch(int batch, double elements) => 64 * elements <= 1 << 27 ? 64 : Math.Min(64, batch);
}
