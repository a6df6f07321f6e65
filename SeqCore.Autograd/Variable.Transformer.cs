using SeqCore.Autograd.Functions;
using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Autograd;

public partial class Variable
{
    /// <summary>
    /// Rotary positions (Su et al., "RoFormer", arXiv:2104.09864): pair j of each head at position p is turned by p theta_j. The
    /// elements of a head beyond the first R stay as they are. This is x, shape (..., T, C): the first heads of each
    /// step are turned and the rest is copied, so that packed q, k and v can be given whole; heads apart are C = K wide, one head.
    /// </summary>
    /// <param name="table">Shape (P, 2, R) from <see cref="RotaryTable"/>; R is at most the head's size and even.</param>
    /// <param name="headCount">Heads that are turned.</param>
    /// <param name="headSize">K, elements of a head.</param>
    /// <param name="firstPosition">Position of the first step: the number of steps that a cache holds already.</param>
    /// <param name="pairs">How elements are paired, as in the table.</param>
    /// <returns>Shape (..., T, C).</returns>
    /// <exception cref="ShapeException">A shape is not as above, or the table ends before the last position.</exception>
    public Variable Rotary(Tensor table, int headCount, int headSize, int firstPosition = 0, RotaryPairs pairs = RotaryPairs.HalfSplit)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headSize);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        return new RotaryFunction(this, table, headCount, headSize, firstPosition, pairs).Apply();
    }
}
