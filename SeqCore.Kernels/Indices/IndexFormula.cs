namespace SeqCore.Kernels.Indices;

/// <summary>The formulas of <see cref="IndexArithmetic"/>, for every device.</summary>
internal static class IndexFormula
{
    /// <summary>Returns whether the operation divides.</summary>
    internal static bool Divides(int operation) => operation >= (int)IndexArithmetic.Divide;

    /// <summary>Returns the result for a y that is not 0 if the operation divides.</summary>
    internal static int Of(int operation, int x, int y)
    {
        if (operation == (int)IndexArithmetic.Add)
            return unchecked(x + y);
        if (operation == (int)IndexArithmetic.Subtract)
            return unchecked(x - y);
        if (operation == (int)IndexArithmetic.Multiply)
            return unchecked(x * y);
        if (operation == (int)IndexArithmetic.Minimum)
            return x < y ? x : y;
        if (operation == (int)IndexArithmetic.Maximum)
            return x > y ? x : y;

        // The quotient of the smallest integer and -1 has no int32, and stops a processor; a GPU may compute both sides of a
        // choice.
        var quotient = x / (y == -1 ? 1 : y);
        quotient = y == -1 ? unchecked(-quotient) : quotient;
        var rest = unchecked(x - quotient * y);
        if (operation == (int)IndexArithmetic.Divide)
            return quotient;
        if (operation == (int)IndexArithmetic.Modulo)
            return rest;
        var isAbove = rest != 0 && (rest ^ y) < 0;
        if (operation == (int)IndexArithmetic.FloorDivide)
            return isAbove ? quotient - 1 : quotient;
        return isAbove ? rest + y : rest;
    }

    /// <summary>Returns whether int32 has the integer part of x.</summary>
    internal static bool IsIndex(float x) => x >= -2147483648f && x < 2147483648f;
}
