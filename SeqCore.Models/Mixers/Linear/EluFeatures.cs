namespace SeqCore.Models;

/// <summary>
/// The features elu(x) + 1, as many as a head has elements (Katharopoulos, Vyas, Pappas and Fleuret, "Transformers are RNNs: fast
/// autoregressive Transformers with linear attention", arXiv:2006.16236): x + 1 above 0 and e^x below. They have no parameters.
/// </summary>
public sealed class EluFeatures : FeatureMap
{
    /// <inheritdoc/>
    public override int Count(int headSize) => headSize;

    /// <inheritdoc/>
    public override Variable OfQueries(Variable x) => OfKeys(x);

    /// <inheritdoc/>
    public override Variable OfKeys(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Elu() + 1f;
    }
}
