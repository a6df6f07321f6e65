using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>Computes the softmax e^x / sum e^x along an axis, the last by default.</summary>
    /// <exception cref="ShapeException">A scalar has no axis.</exception>
    public Variable Softmax(int axis = -1) => AlongLast(axis, x => new SoftmaxFunction(x).Apply());

    /// <summary>Computes the logarithm of the softmax, x - log sum e^x, along an axis, the last by default.</summary>
    /// <exception cref="ShapeException">A scalar has no axis.</exception>
    public Variable LogSoftmax(int axis = -1) => AlongLast(axis, x => new LogSoftmaxFunction(x).Apply());

    /// <summary>Computes y = x W^T + b, which is a linear layer, in one product. This variable is x, shape (..., I).</summary>
    /// <param name="weight">The weight W, shape (O, I).</param>
    /// <param name="bias">The bias b, shape (O,); null for none.</param>
    /// <returns>The outputs, shape (..., O).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable Linear(Variable weight, Variable? bias = null) => new LinearFunction(this, weight, bias).Apply();

    /// <summary>
    /// Computes layer normalisation, (x - mean) / sqrt(variance + epsilon) w + b, along the last axis (Ba, Kiros and Hinton,
    /// arXiv:1607.06450). This variable is x, shape (..., D).
    /// </summary>
    /// <remarks>
    /// The squares are summed in single precision, as in PyTorch: where elements exceed about 1e19 in magnitude, their sum is
    /// infinite and the result is 0.
    /// </remarks>
    /// <param name="weight">The weight w, shape (D,); null for ones.</param>
    /// <param name="bias">The bias b, shape (D,); null for zeros.</param>
    /// <param name="epsilon">The number added to the variance, finite and at least 0.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public Variable LayerNorm(Variable? weight = null, Variable? bias = null, float epsilon = 1e-5f) =>
        new LayerNormFunction(this, null, weight, bias, epsilon).Apply();

    /// <summary>Looks up the rows at the indices. This variable is the table, shape (V, D).</summary>
    /// <param name="indices">The indices, shape (...), each in [0, V).</param>
    /// <param name="paddingIndex">The index of a row that gets no gradient, or null.</param>
    /// <param name="sparseGradient">
    /// Whether the backward pass takes time only for the rows that were looked up, if this variable is a leaf. The gradient has
    /// the same bits; <see cref="GradientRows"/> lists its rows, and its memory is kept from step to step. On a GPU the backward
    /// pass waits for the device, to read the indices.
    /// </param>
    /// <returns>The rows, shape (..., D).</returns>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public Variable Embedding(IndexTensor indices, int? paddingIndex = null, bool sparseGradient = false)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new EmbeddingFunction(this, indices, paddingIndex, sparseGradient).Apply();
    }

    /// <summary>
    /// Returns this table with row i of the source added to row indices[i]. The shapes are (V, ...), (indices...) and
    /// (indices..., ...).
    /// </summary>
    /// <exception cref="ShapeException">The source does not have one row for each index.</exception>
    /// <exception cref="ArgumentException">An index is not a row of the table.</exception>
    public Variable ScatterAdd(IndexTensor indices, Variable source) => new ScatterAddFunction(this, indices, source).Apply();

    /// <summary>
    /// Returns the k largest elements along the last axis in descending order, and their indices; of equal elements the one with
    /// the lower index comes first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 1 and the size of the axis.</exception>
    public (Variable Values, IndexTensor Indices) TopK(int k)
    {
        var function = new TopKFunction(this, k);
        return (function.Apply(), function.Indices!);
    }

    /// <summary>
    /// Sorts the elements along an axis and returns the indices that they had, as torch.sort with <c>stable=True</c> does. Equal
    /// elements keep their order. NaN counts as the largest.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="descending">Whether the largest elements come first.</param>
    public (Variable Values, IndexTensor Indices) Sort(int axis = -1, bool descending = false)
    {
        var function = new SortFunction(this, axis, descending);
        return (function.Apply(), function.Indices!);
    }

    /// <summary>
    /// Sets each element to 0 with the given probability and divides the others by 1 - p; nothing is recorded or drawn if p is 0.
    /// It always drops, with or without a tape, whatever the mode of a model: for dropout that is off in evaluation, register a
    /// layer <c>Dropout</c> of SeqCore.Models with the model.
    /// </summary>
    /// <param name="probability">The probability p that an element is set to 0, in [0, 1).</param>
    /// <param name="random">The generator that draws the numbers.</param>
    public Variable Dropout(float probability, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (probability is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability,
                "Dropout: the probability should be in [0, 1).");
        }

        return probability == 0f ? this : new DropoutFunction(this, probability, random).Apply();
    }

    /// <summary>
    /// Computes the softmax cross-entropy, as PyTorch's cross_entropy: for each token u ((1 - s) w_target (lse - x_target) + s
    /// mean_k w_k (lse - x_k)), where lse = log sum e^x. This variable is the logits x, shape (..., V).
    /// </summary>
    /// <param name="targets">The targets, shape (...): each is a class in [0, V) or the ignored index.</param>
    /// <param name="reduction">
    /// The reduction of the losses; the mean is the sum divided by that of u w_target, both over the tokens that are not ignored.
    /// </param>
    /// <param name="ignoreIndex">
    /// The target of the tokens that count neither in the loss nor in the mean, by default -100 as in PyTorch: a target of -100
    /// is left out without an error, and any other negative one is an error.
    /// </param>
    /// <param name="labelSmoothing">
    /// The label smoothing s, in [0, 1): the fraction of the target's probability that is spread over all classes.
    /// </param>
    /// <param name="tokenWeights">
    /// The weight u of each token, shape (...); null for 1. Negative weights reverse a loss, as in policy gradients.
    /// </param>
    /// <param name="classWeights">The weight w of each class, shape (V,), PyTorch's <c>weight</c>; null for 1.</param>
    /// <returns>A scalar, or a variable of shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">
    /// A target is out of range, the mean is over no token, or the weights that it divides by do not add up to a finite number
    /// above 0.
    /// </exception>
    public Variable CrossEntropy(IndexTensor targets, LossReduction reduction = LossReduction.Mean, int ignoreIndex = -100,
        float labelSmoothing = 0f, Tensor? tokenWeights = null, Tensor? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return new CrossEntropyFunction(this, targets, reduction, new CrossEntropyOptions(ignoreIndex, labelSmoothing),
            tokenWeights, classWeights).Apply();
    }

    /// <summary>Applies a function of the last axis along any axis.</summary>
    private Variable AlongLast(int axis, Func<Variable, Variable> function) =>
        Shape.Rank == 0 || Shape.Axis(axis) == Shape.Rank - 1
            ? function(this)
            : function(Transpose(axis, -1)).Transpose(axis, -1);
}
